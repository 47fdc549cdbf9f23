package io.plantroom.profile;

import io.plantroom.yaml.YamlException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All profiles that are known, by id. Immutable. A built-in one is read when it is first asked for,
 * so that a small box pays for the few models that stand in its building.
 */
public final class ProfileCatalog {
  private static final Map<String, Entry> BUILT_IN = index();

  private final Map<String, Entry> profiles;

  private ProfileCatalog(Map<String, Entry> profiles) {
    this.profiles = Map.copyOf(profiles);
  }

  /**
   * The profiles that come with the product; {@code profiles/index.txt} lists them, each file named
   * after its profile.
   */
  public static ProfileCatalog builtIn() {
    return new ProfileCatalog(BUILT_IN);
  }

  private static Map<String, Entry> index() {
    Map<String, Entry> found = new TreeMap<>();
    for (String path : ProfileLoader.resource("/profiles/index.txt").lines().toList()) {
      if (!path.isEmpty()) {
        found.put(
            path.substring(path.lastIndexOf('/') + 1, path.length() - ".yaml".length()),
            new Entry(() -> builtIn(path)));
      }
    }
    return found;
  }

  private static Profile builtIn(String path) {
    try {
      return ProfileLoader.parse(path, ProfileLoader.resource("/profiles/" + path));
    } catch (YamlException e) {
      throw new IllegalStateException("a built-in profile is wrong: " + e.getMessage(), e);
    }
  }

  /**
   * This catalog and all {@code .yaml} files below a folder; one of the same id replaces ours. A
   * file that is wrong is left out and named in the problems; it stops nothing else.
   */
  public Extended withFolder(Path folder) {
    Map<String, Entry> all = new TreeMap<>(profiles);
    List<String> problems = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files.filter(f -> f.toString().endsWith(".yaml")).sorted().collect(Collectors.toList())) {
        try {
          Profile p = ProfileLoader.load(file);
          all.put(p.profile(), new Entry(() -> p));
        } catch (YamlException e) {
          problems.addAll(e.problems());
        }
      }
    } catch (IOException e) {
      problems.add(folder + ": cannot be read: " + e.getMessage());
    } catch (UncheckedIOException e) {
      problems.add(folder + ": cannot be read: " + e.getCause());
    }
    return new Extended(new ProfileCatalog(all), List.copyOf(problems));
  }

  /** A catalog and what was wrong with the files it was made of. */
  public record Extended(ProfileCatalog catalog, List<String> problems) {}

  public Optional<Profile> find(String id) {
    return Optional.ofNullable(profiles.get(id)).map(Entry::profile);
  }

  /** In order of their ids; reads those that nobody has asked for yet. */
  public Collection<Profile> all() {
    return new TreeMap<>(profiles).values().stream().map(Entry::profile).toList();
  }

  /** A profile that is read once, when it is wanted. */
  private static final class Entry {
    private final Supplier<Profile> source;
    private @Nullable Profile read;

    Entry(Supplier<Profile> source) {
      this.source = source;
    }

    synchronized Profile profile() {
      Profile known = read;
      if (known == null) {
        known = source.get();
        read = known;
      }
      return known;
    }
  }
}
