package io.plantroom.simulator.building;

import io.plantroom.profile.LocalText;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.Protocol;
import io.plantroom.yaml.YamlException;
import io.plantroom.yaml.YamlFile;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A building as its file describes it.
 *
 * @param since when its history begins, as an instant; absent: 30 days before the first start
 * @param buses by name; every device is on one
 */
public record Building(
    LocalText site, @Nullable String since, Map<String, Bus> buses, List<Entry> devices) {

  public Building {
    Required.key("site", site);
    buses = new TreeMap<>(Required.key("buses", buses));
    devices = List.copyOf(Required.key("devices", devices));
    if (since != null) {
      try {
        Instant.parse(since);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException(
            "since must look like 2026-10-01T00:00:00Z, got \"" + since + "\"", e);
      }
    }
  }

  /**
   * A listener.
   *
   * @param port 0 for any free one
   * @param secure CoAP only: DTLS with a pre-shared key, and SenML in nothing but CBOR
   */
  public record Bus(Protocol protocol, Integer port, @Nullable Boolean secure) {
    public Bus {
      Required.key("protocol", protocol);
      port = port == null ? 0 : port;
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("port must be 0 to 65535, got " + port);
      }
      if (secure != null && protocol != Protocol.COAP) {
        throw new IllegalArgumentException("only a coap bus has secure");
      }
    }
  }

  /** Whether a bus wants a key. */
  public boolean isSecure(String bus) {
    Bus found = buses.get(bus);
    return found != null && Boolean.TRUE.equals(found.secure());
  }

  /**
   * A device.
   *
   * @param unit Modbus unit id, on Modbus buses only
   * @param seed what distinguishes its course from others of its model; its key unless said
   * @param tally whether it counts its callers instead of playing its model
   * @param every how often the agent is told to read it; unless said, what suits its protocol
   */
  public record Entry(
      String key,
      String profile,
      String bus,
      @Nullable Integer unit,
      LocalText name,
      LocalText location,
      @Nullable String seed,
      @Nullable Duration every,
      @Nullable String serial,
      boolean tally) {
    public Entry {
      Required.key("key", key);
      Required.key("profile", profile);
      Required.key("bus", bus);
      Required.key("name", name);
      Required.key("location", location);
      if (!key.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
        throw new IllegalArgumentException("key '" + key + "' must be kebab-case, like lift-1");
      }
    }

    /** How often to read it, never more often than the model bears. */
    public Duration period(Profile model) {
      Duration usual =
          switch (model.protocol()) {
            case MODBUS -> Duration.ofSeconds(2);
            case OPC_UA -> Duration.ofSeconds(1);
            case COAP -> Duration.ofSeconds(10);
          };
      Duration wanted = every == null ? usual : every;
      Duration least = model.limits().minPeriod();
      return wanted.compareTo(least) < 0 ? least : wanted;
    }
  }

  /**
   * Checks a file against the profiles and itself.
   *
   * @throws YamlException with everything that is wrong, each with its line
   */
  public static Building load(YamlFile file, ProfileCatalog catalog) throws YamlException {
    Building building = file.as(Building.class);
    List<String> problems = BuildingChecks.problems(building, file, catalog);
    if (!problems.isEmpty()) {
      throw new YamlException(problems);
    }
    return building;
  }
}
