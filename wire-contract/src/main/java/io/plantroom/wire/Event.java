package io.plantroom.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.plantroom.telemetry.Lane;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A record of the events lane: something that happened, told once. Written as JSON. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Event.AlarmChange.class, name = "alarm"),
  @JsonSubTypes.Type(value = Event.LinkChange.class, name = "link"),
  @JsonSubTypes.Type(value = Event.Inventory.class, name = "inventory"),
  @JsonSubTypes.Type(value = Event.RecordsLost.class, name = "records-lost"),
  @JsonSubTypes.Type(value = Event.ConfigurationReport.class, name = "configuration"),
  @JsonSubTypes.Type(value = Event.CommandResult.class, name = "command")
})
public sealed interface Event {
  /** When it happened at the gateway, UTC. */
  Instant at();

  /** Whether the gateway's clock could be believed then. */
  boolean clockTrusted();

  /**
   * An alarm condition of a device's profile began or ended.
   *
   * @param occurrence made by the gateway when the condition begins; its end carries the same
   * @param alarm key of the condition in the profile
   * @param point the point that decided, and {@code value} what it showed, for people to read
   */
  record AlarmChange(
      Instant at,
      boolean clockTrusted,
      UUID occurrence,
      String device,
      String alarm,
      Change change,
      @Nullable String point,
      @Nullable String value)
      implements Event {}

  /** What became of an alarm condition. */
  enum Change {
    RAISED,
    CLEARED
  }

  /** A device began or ceased to answer. */
  record LinkChange(
      Instant at, boolean clockTrusted, String device, boolean online, @Nullable String reason)
      implements Event {}

  /** All devices the gateway now has; sent at start and after each change of configuration. */
  record Inventory(Instant at, boolean clockTrusted, String version, List<Device> devices)
      implements Event {
    public Inventory {
      devices = List.copyOf(devices);
    }
  }

  /**
   * A device as the gateway's configuration names it.
   *
   * @param profile id of its device profile, for instance {@code eastron-sdm630}
   * @param endpoint where it is reached, without secrets
   * @param reporting how often it is heard of; null from agents older than this word
   * @param writable points that this gateway lets be written; null for none
   */
  record Device(
      String key,
      String profile,
      LocalName name,
      @Nullable LocalName location,
      String endpoint,
      @Nullable String serial,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Reporting reporting,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> writable) {
    /** A device that is only read. */
    public Device(
        String key,
        String profile,
        LocalName name,
        @Nullable LocalName location,
        String endpoint,
        @Nullable String serial,
        @Nullable Reporting reporting) {
      this(key, profile, name, location, endpoint, serial, reporting, null);
    }

    /** A device of which nothing is promised. */
    public Device(
        String key,
        String profile,
        LocalName name,
        @Nullable LocalName location,
        String endpoint,
        @Nullable String serial) {
      this(key, profile, name, location, endpoint, serial, null, null);
    }
  }

  /**
   * The longest silence of a device's points while all is well, in whole seconds.
   *
   * @param seconds of every point that is not named
   * @param otherwise of single points by name
   */
  record Reporting(long seconds, Map<String, Long> otherwise) {
    public Reporting {
      otherwise = otherwise == null ? Map.of() : Map.copyOf(otherwise);
      if (seconds < 1) {
        throw new IllegalArgumentException("a silence lasts at least a second");
      }
    }

    /** Longest silence of this point, in seconds. */
    public long of(String point) {
      return otherwise.getOrDefault(point, seconds);
    }
  }

  /**
   * Records of a lane that the hub will never get, told so that the hole has a reason.
   *
   * @param epoch of the queue they were in, {@code from} to {@code to} their sequences, both
   *     included
   * @param oldest time of the first of them as far as it is known
   * @param newest time of the last of them as far as it is known
   */
  record RecordsLost(
      Instant at,
      boolean clockTrusted,
      Lane lane,
      long epoch,
      long from,
      long to,
      LossReason reason,
      @Nullable Instant oldest,
      @Nullable Instant newest,
      @Nullable String detail)
      implements Event {
    public RecordsLost {
      if (from < 1 || to < from) {
        throw new IllegalArgumentException("lost records need 1 <= from <= to");
      }
    }
  }

  /** Why records are gone. */
  enum LossReason {
    /** The outbox was full, and the oldest of the least class had to go. */
    EVICTED,
    /** The file that held them was damaged; it was set aside. */
    DAMAGED
  }

  /**
   * What became of a configuration that the hub desired.
   *
   * @param problems why, {@code name:line: path: rule} where it can be said; with APPLIED what is
   *     worth knowing although it stands
   * @param running version of the desired configuration by which the gateway now works, null when
   *     it works by its own file alone
   */
  record ConfigurationReport(
      Instant at,
      boolean clockTrusted,
      long revision,
      String version,
      ConfigurationOutcome outcome,
      List<String> problems,
      @Nullable String running)
      implements Event {
    public ConfigurationReport {
      problems = List.copyOf(problems);
    }
  }

  /** What a gateway did with a desired configuration. */
  enum ConfigurationOutcome {
    /** The gateway works by it. */
    APPLIED,
    /** It has mistakes; nothing was changed. */
    INVALID,
    /** It did not come up; the gateway works by the last good one again. */
    ROLLED_BACK,
    /** This gateway takes no configuration from the hub. */
    REFUSED
  }

  /**
   * What became of a command. Told once when the gateway has taken it over, and once when it has
   * ended; both may be repeated.
   *
   * @param reason key of a {@link CommandReason}, null when all is well
   * @param value what the device showed when it was read back, as text
   * @param detail what the protocol said, for who looks closer
   */
  record CommandResult(
      Instant at,
      boolean clockTrusted,
      UUID id,
      String device,
      String point,
      CommandOutcome outcome,
      @Nullable String reason,
      @Nullable String value,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String detail)
      implements Event {}

  /** How far a command has come. */
  enum CommandOutcome {
    /** The gateway remembers it and will write it; another word follows. */
    ACCEPTED,
    /** Written, and read back as it was written. */
    DONE,
    /** Not allowed here; nothing was written. */
    REFUSED,
    /** It came too late; nothing was written. */
    EXPIRED,
    /** The device refused it, or shows something else. */
    FAILED,
    /** It may have been written: the device or the gateway fell silent in between. */
    UNKNOWN
  }

  /** A name in both languages of the product. */
  record LocalName(String zh, String en) {}
}
