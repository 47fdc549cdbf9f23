package io.plantroom.device;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.profile.LocalText;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.yaml.YamlFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Devices one by one, so that a wrong one is named with all that is wrong with it and stops nothing
 * else.
 */
public final class DeviceEntries {
  private static final TreeSet<String> KEYS =
      new TreeSet<>(
          List.of("key", "profile", "endpoint", "access", "every", "name", "location", "serial"));
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");
  private static final Duration USUAL = Duration.ofSeconds(10);

  private final ProfileCatalog catalog;
  private final List<String> problems;
  private final List<DeviceEntry> devices = new ArrayList<>();
  private final Map<String, String> seen = new HashMap<>();

  /**
   * No devices yet.
   *
   * @param problems takes what is wrong, {@code file:line: path: rule}
   */
  public DeviceEntries(ProfileCatalog catalog, List<String> problems) {
    this.catalog = catalog;
    this.problems = problems;
  }

  /** Those without a problem. */
  public List<DeviceEntry> devices() {
    return List.copyOf(devices);
  }

  /** The entries of the list {@code devices} of a text; names of files in it stay as they are. */
  public void add(YamlFile file, List<Map<String, JsonNode>> entries) {
    add(file, Path.of(""), entries);
  }

  /**
   * The entries of the list {@code devices} of a file.
   *
   * @param base folder that names of files in it are relative to
   */
  public void add(YamlFile file, Path base, List<Map<String, JsonNode>> entries) {
    for (int i = 0; i < entries.size(); i++) {
      new Entry(file, base, "/devices/" + i, entries.get(i)).read();
    }
  }

  private final class Entry {
    private final YamlFile file;
    private final Path base;
    private final String at;
    private final Map<String, JsonNode> entry;
    private final int problemsBefore = problems.size();

    Entry(YamlFile file, Path base, String at, Map<String, JsonNode> entry) {
      this.file = file;
      this.base = base;
      this.at = at;
      this.entry = entry;
    }

    void read() {
      for (String key : entry.keySet()) {
        if (!KEYS.contains(key)) {
          problem("/" + key, "unknown key; known here are " + String.join(", ", KEYS));
        }
      }
      String key = key();
      Profile profile = profile();
      URI endpoint = endpoint(profile);
      Access access = access(endpoint);
      Duration every = every(profile);
      LocalText location = local("location");
      LocalText name = local("name");
      String serial = text("serial", false);
      if (problems.size() == problemsBefore
          && key != null
          && profile != null
          && endpoint != null
          && every != null) {
        devices.add(
            new DeviceEntry(
                key,
                profile,
                endpoint,
                every,
                name == null ? new LocalText(key, key) : name,
                location,
                serial,
                access));
      }
    }

    private @Nullable String key() {
      String key = text("key", true);
      if (key == null) {
        return null;
      }
      if (!KEY.matcher(key).matches()) {
        problem("/key", "expected 1 to 63 of a-z, 0-9, . and -, got \"" + key + "\"");
        return null;
      }
      String here = file.problem(at, "");
      String other = seen.putIfAbsent(key, here.substring(0, here.indexOf(": ")));
      if (other != null) {
        problem("/key", "device '" + key + "' stands already at " + other);
      }
      return key;
    }

    private @Nullable Profile profile() {
      String id = text("profile", true);
      if (id == null) {
        return null;
      }
      Profile found = catalog.find(id).orElse(null);
      if (found == null) {
        problem("/profile", "there is no profile '" + id + "'" + nearest(id));
      }
      return found;
    }

    private String nearest(String id) {
      String maker = id.contains("-") ? id.substring(0, id.indexOf('-')) : id;
      List<String> like =
          catalog.all().stream()
              .map(Profile::profile)
              .filter(p -> p.startsWith(maker))
              .limit(5)
              .toList();
      return like.isEmpty() ? "" : "; there are " + String.join(", ", like);
    }

    private @Nullable URI endpoint(@Nullable Profile profile) {
      String text = text("endpoint", true);
      if (text == null) {
        return null;
      }
      try {
        URI uri = new URI(text);
        String wrong = profile == null ? null : Endpoints.problem(uri, profile.protocol());
        if (wrong != null) {
          problem("/endpoint", wrong);
        }
        return uri;
      } catch (URISyntaxException e) {
        problem("/endpoint", "not a URI: " + e.getMessage());
        return null;
      }
    }

    private Access access(@Nullable URI endpoint) {
      JsonNode access = entry.get("access");
      if (endpoint == null || access == null || access.isNull()) {
        if (endpoint != null && "coaps".equalsIgnoreCase(endpoint.getScheme())) {
          problem("", "coaps:// needs access: { identity: name, key-file: file }");
        }
        return Access.NONE;
      }
      String wrong = Access.problem(access, endpoint);
      if (wrong != null) {
        problem("/access", wrong);
        return Access.NONE;
      }
      return Access.of(access, base);
    }

    private @Nullable Duration every(@Nullable Profile profile) {
      Duration least = profile == null ? Duration.ZERO : profile.limits().minPeriod();
      String text = text("every", false);
      if (text == null) {
        return least.compareTo(USUAL) > 0 ? least : USUAL;
      }
      Duration every = duration(text);
      if (every == null || every.isZero()) {
        problem("/every", "expected a duration such as 500ms, 30s, 5m, 2h, got \"" + text + "\"");
      } else if (every.compareTo(least) < 0) {
        problem("/every", "the profile allows one poll in " + words(least) + ", got " + text);
      }
      return every;
    }

    private @Nullable LocalText local(String key) {
      JsonNode node = entry.get(key);
      if (node == null || node.isNull()) {
        return null;
      }
      JsonNode zh = node.path("zh");
      JsonNode en = node.path("en");
      if (node.size() != 2 || !zh.isTextual() || !en.isTextual()) {
        problem("/" + key, "expected { zh: text, en: text }, got " + node);
        return null;
      }
      if (zh.textValue().isBlank() || en.textValue().isBlank()) {
        problem("/" + key, "needs both zh and en");
        return null;
      }
      return new LocalText(zh.textValue(), en.textValue());
    }

    private @Nullable String text(String key, boolean needed) {
      JsonNode node = entry.get(key);
      if (node == null || node.isNull()) {
        if (needed) {
          problem("", key + " is missing");
        }
        return null;
      }
      if (!node.isValueNode()) {
        problem("/" + key, "expected text, got " + node);
        return null;
      }
      return node.asText();
    }

    private void problem(String below, String rule) {
      problems.add(file.problem(at + below, rule));
    }
  }

  private static @Nullable Duration duration(String text) {
    Matcher m = DURATION.matcher(text);
    if (!m.matches()) {
      return null;
    }
    long n = Long.parseLong(m.group(1));
    return switch (m.group(2)) {
      case "ms" -> Duration.ofMillis(n);
      case "s" -> Duration.ofSeconds(n);
      case "m" -> Duration.ofMinutes(n);
      case "h" -> Duration.ofHours(n);
      default -> Duration.ofDays(n);
    };
  }

  private static String words(Duration d) {
    if (d.toMillis() % 1000 != 0) {
      return d.toMillis() + "ms";
    }
    return d.toSeconds() % 60 == 0 ? d.toMinutes() + "m" : d.toSeconds() + "s";
  }
}
