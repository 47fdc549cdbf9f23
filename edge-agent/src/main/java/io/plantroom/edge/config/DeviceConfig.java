package io.plantroom.edge.config;

import io.plantroom.device.Access;
import io.plantroom.device.DeviceEntry;
import io.plantroom.device.Endpoints;
import io.plantroom.profile.LocalText;
import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.wire.Event;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A device that this gateway asks.
 *
 * @param key unique on this gateway
 * @param every period of its polls, not below what the profile allows
 * @param access by what the device knows this gateway; holds names of files, no secrets
 */
public record DeviceConfig(
    String key,
    Profile profile,
    URI endpoint,
    Duration every,
    Event.LocalName name,
    Event.@Nullable LocalName location,
    @Nullable String serial,
    Access access) {

  /** A device that asks nobody who he is. */
  public DeviceConfig(
      String key,
      Profile profile,
      URI endpoint,
      Duration every,
      Event.LocalName name,
      Event.@Nullable LocalName location,
      @Nullable String serial) {
    this(key, profile, endpoint, every, name, location, serial, Access.NONE);
  }

  /** The device of a checked entry. */
  public static DeviceConfig of(DeviceEntry entry) {
    LocalText location = entry.location();
    return new DeviceConfig(
        entry.key(),
        entry.profile(),
        entry.endpoint(),
        entry.every(),
        new Event.LocalName(entry.name().zh(), entry.name().en()),
        location == null ? null : new Event.LocalName(location.zh(), location.en()),
        entry.serial(),
        entry.access());
  }

  /** The device of a checked entry whose names of files are relative to a folder. */
  public static DeviceConfig of(DeviceEntry entry, Path base) {
    DeviceConfig d = of(entry);
    return new DeviceConfig(
        d.key, d.profile, d.endpoint, d.every, d.name, d.location, d.serial, d.access.in(base));
  }

  /** Whether it is asked in the same way; names may differ. */
  public boolean isAskedLike(DeviceConfig other) {
    return key.equals(other.key)
        && profile.equals(other.profile)
        && endpoint.equals(other.endpoint)
        && every.equals(other.every)
        && access.equals(other.access);
  }

  /**
   * The line it shares with others: scheme, host and port, or the path of a serial line. One caller
   * at a time on each.
   */
  public String bus() {
    String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
    if (endpoint.getHost() == null) {
      return scheme + "://" + endpoint.getPath();
    }
    return scheme + "://" + endpoint.getHost() + ":" + endpoint.getPort();
  }

  /** A parameter of the endpoint, such as {@code unit} of {@code modbus-tcp://h:502?unit=7}. */
  public @Nullable String parameter(String parameter) {
    return Endpoints.parameter(endpoint, parameter);
  }

  /**
   * As the hub is told, with the longest silence of its points.
   *
   * @param heartbeat of points that do not say one themselves
   */
  public Event.Device describe(Duration heartbeat) {
    long usual = silence(heartbeat, every);
    Map<String, Long> otherwise = new TreeMap<>();
    for (Point p : profile.points()) {
      Duration own = p.heartbeat() == null ? heartbeat : p.heartbeat();
      long seconds = silence(own, every.multipliedBy(p.scan().cycles()));
      if (seconds != usual) {
        otherwise.put(p.name(), seconds);
      }
    }
    Event.Device d = describe();
    return new Event.Device(
        d.key(),
        d.profile(),
        d.name(),
        d.location(),
        d.endpoint(),
        d.serial(),
        new Event.Reporting(usual, otherwise));
  }

  /** What does not change is told when it is read and the heartbeat is over: up to both. */
  private static long silence(Duration heartbeat, Duration period) {
    Duration longest = heartbeat.compareTo(period) <= 0 ? period : heartbeat.plus(period);
    return Math.max(1, longest.plusMillis(999).toSeconds());
  }

  /** As the hub is told; the endpoint without user and password. */
  public Event.Device describe() {
    return new Event.Device(
        key, profile.profile(), name, location, Endpoints.withoutSecrets(endpoint), serial);
  }
}
