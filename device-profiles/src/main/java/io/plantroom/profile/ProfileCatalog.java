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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All profiles that are known, by id. Immutable. */
public final class ProfileCatalog {
  private final Map<String, Profile> profiles;

  private ProfileCatalog(Map<String, Profile> profiles) {
    this.profiles = Map.copyOf(profiles);
  }

  /** The profiles that come with the product; {@code profiles/index.txt} lists them. */
  public static ProfileCatalog builtIn() {
    Map<String, Profile> found = new TreeMap<>();
    for (String path : ProfileLoader.resource("/profiles/index.txt").lines().toList()) {
      if (!path.isEmpty()) {
        try {
          Profile p = ProfileLoader.parse(path, ProfileLoader.resource("/profiles/" + path));
          found.put(p.profile(), p);
        } catch (YamlException e) {
          throw new IllegalStateException("a built-in profile is wrong: " + e.getMessage(), e);
        }
      }
    }
    return new ProfileCatalog(found);
  }

  /**
   * This catalog and all {@code .yaml} files below a folder; one of the same id replaces ours. A
   * file that is wrong is left out and named in the problems; it stops nothing else.
   */
  public Extended withFolder(Path folder) {
    Map<String, Profile> all = new TreeMap<>(profiles);
    List<String> problems = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files.filter(f -> f.toString().endsWith(".yaml")).sorted().collect(Collectors.toList())) {
        try {
          Profile p = ProfileLoader.load(file);
          all.put(p.profile(), p);
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
    return Optional.ofNullable(profiles.get(id));
  }

  /** In order of their ids. */
  public Collection<Profile> all() {
    return new TreeMap<>(profiles).values();
  }
}
