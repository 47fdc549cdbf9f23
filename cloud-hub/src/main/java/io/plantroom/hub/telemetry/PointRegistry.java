package io.plantroom.hub.telemetry;

import io.plantroom.hub.database.Database;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Ids of devices and points. What is seen for the first time is made, never dropped: a device the
 * gateway has not introduced yet has no profile until it does. Thread-safe.
 */
public final class PointRegistry {
  private static final String MAKE_DEVICE =
      """
      INSERT INTO device (gateway_id, key, name_zh, name_en) VALUES (:gateway, :key, :key, :key)
      ON CONFLICT DO NOTHING""";
  private static final String DEVICES =
      """
      SELECT id, key, profile FROM device WHERE gateway_id = :gateway AND key = ANY (:keys)""";
  private static final String MAKE_POINT =
      """
      INSERT INTO point (device_id, name, kind, class) VALUES (:device, :name, :kind, :class)
      ON CONFLICT DO NOTHING""";
  private static final String POINTS =
      """
      SELECT p.id, p.device_id, d.key, p.name, p.kind
        FROM point p JOIN device d ON d.id = p.device_id
       WHERE d.gateway_id = :gateway AND d.key = ANY (:keys)""";

  private final ProfileCatalog profiles;
  private final Map<PointKey, PointRef> known = new ConcurrentHashMap<>();

  public PointRegistry(ProfileCatalog profiles) {
    this.profiles = profiles;
  }

  /** Drops what is remembered of a gateway, after its inventory has changed. */
  public void forget(int gatewayId) {
    known.keySet().removeIf(key -> key.gatewayId() == gatewayId);
  }

  /** Remembers what a transaction has made; to be called only after its commit. */
  public void remember(Map<PointKey, PointRef> made) {
    known.putAll(made);
  }

  /**
   * The point of each of some samples of one gateway, in their order.
   *
   * @param made what the transaction has made so far; what is made now is added
   */
  public List<PointRef> resolve(
      Handle handle, int gatewayId, List<Sample> samples, Map<PointKey, PointRef> made) {
    Names names = new Names(gatewayId, made);
    List<PointRef> refs = new ArrayList<>(samples.size());
    for (Sample s : samples) {
      PointRef ref = names.find(s);
      if (ref == null) {
        find(handle, gatewayId, samples, made);
        ref = Objects.requireNonNull(names.find(s));
      }
      refs.add(ref);
    }
    return refs;
  }

  /** After a start of the hub nearly all of them exist already, so that is asked first. */
  private void find(
      Handle handle, int gatewayId, List<Sample> samples, Map<PointKey, PointRef> made) {
    String[] keys =
        unknown(gatewayId, samples, made).keySet().stream()
            .map(PointKey::device)
            .distinct()
            .sorted()
            .toArray(String[]::new);
    made.putAll(points(handle, gatewayId, keys));
    Map<PointKey, Sample> missing = unknown(gatewayId, samples, made);
    if (!missing.isEmpty()) {
      made.putAll(make(handle, gatewayId, missing));
    }
  }

  private Map<PointKey, Sample> unknown(
      int gatewayId, List<Sample> samples, Map<PointKey, PointRef> made) {
    Map<PointKey, Sample> unknown = new LinkedHashMap<>();
    for (Sample s : samples) {
      PointKey key = new PointKey(gatewayId, s.device(), s.point());
      if (!known.containsKey(key) && !made.containsKey(key)) {
        // A sample with a value says more about the kind than one without.
        unknown.merge(key, s, (a, b) -> a.value() == null ? b : a);
      }
    }
    return unknown;
  }

  /**
   * Points of one frame by the name as an object: a decoded frame has one for each point, so most
   * samples need no hash of their texts.
   */
  private final class Names {
    private final int gatewayId;
    private final Map<PointKey, PointRef> made;
    private final IdentityHashMap<String, Named> named = new IdentityHashMap<>();

    Names(int gatewayId, Map<PointKey, PointRef> made) {
      this.gatewayId = gatewayId;
      this.made = made;
    }

    @Nullable PointRef find(Sample s) {
      Named found = named.get(s.point());
      if (found != null && found.device().equals(s.device())) {
        return found.ref();
      }
      PointKey key = new PointKey(gatewayId, s.device(), s.point());
      PointRef ref = known.get(key);
      ref = ref == null ? made.get(key) : ref;
      if (ref != null) {
        named.put(s.point(), new Named(s.device(), ref));
      }
      return ref;
    }
  }

  private record Named(String device, PointRef ref) {}

  /** Those points of some samples that exist; none is made. */
  Map<PointKey, PointRef> known(Database database, int gatewayId, Iterable<Sample> samples) {
    Map<PointKey, PointRef> found = new HashMap<>();
    Set<String> devices = new TreeSet<>();
    for (Sample s : samples) {
      PointKey key = new PointKey(gatewayId, s.device(), s.point());
      PointRef ref = known.get(key);
      if (ref != null) {
        found.put(key, ref);
      } else {
        devices.add(s.device());
      }
    }
    if (!devices.isEmpty()) {
      Map<PointKey, PointRef> more =
          database.jdbi().withHandle(h -> points(h, gatewayId, devices.toArray(String[]::new)));
      known.putAll(more);
      found.putAll(more);
    }
    return found;
  }

  private Map<PointKey, PointRef> make(
      Handle handle, int gatewayId, Map<PointKey, Sample> missing) {
    String[] keys =
        missing.keySet().stream().map(PointKey::device).distinct().sorted().toArray(String[]::new);
    PreparedBatch devices = handle.prepareBatch(MAKE_DEVICE);
    for (String key : keys) {
      devices.bind("gateway", gatewayId).bind("key", key).add();
    }
    devices.execute();
    Map<String, DeviceRow> rows = new HashMap<>();
    handle
        .createQuery(DEVICES)
        .bind("gateway", gatewayId)
        .bindArray("keys", String.class, (Object[]) keys)
        .map(
            (rs, ctx) ->
                new DeviceRow(rs.getInt("id"), rs.getString("key"), rs.getString("profile")))
        .forEach(d -> rows.put(d.key(), d));
    PreparedBatch points = handle.prepareBatch(MAKE_POINT);
    missing.forEach(
        (key, sample) -> {
          DeviceRow device = rows.get(key.device());
          if (device == null) {
            throw new IllegalStateException("device '" + key.device() + "' was not made");
          }
          PointKind kind = kind(device.profile(), sample);
          points
              .bind("device", device.id())
              .bind("name", key.point())
              .bind("kind", code(kind))
              .bind("class", retentionClass(kind, false))
              .add();
        });
    points.execute();
    return points(handle, gatewayId, keys);
  }

  private static Map<PointKey, PointRef> points(Handle handle, int gatewayId, String[] keys) {
    Map<PointKey, PointRef> made = new HashMap<>();
    handle
        .createQuery(POINTS)
        .bind("gateway", gatewayId)
        .bindArray("keys", String.class, (Object[]) keys)
        .map(
            (rs, ctx) ->
                Map.entry(
                    new PointKey(gatewayId, rs.getString("key"), rs.getString("name")),
                    new PointRef(
                        rs.getInt("id"),
                        rs.getInt("device_id"),
                        rs.getString("name"),
                        kind(rs.getInt("kind")))))
        .forEach(e -> made.put(e.getKey(), e.getValue()));
    return made;
  }

  /** How the database writes a kind. */
  public static int code(PointKind kind) {
    return switch (kind) {
      case ANALOG -> 0;
      case COUNTER -> 1;
      case STATE -> 2;
      case TEXT -> 3;
    };
  }

  /**
   * What decides for how long the samples of a point are kept.
   *
   * @param seldom whether its profile has it read seldom
   */
  public static String retentionClass(PointKind kind, boolean seldom) {
    return switch (kind) {
      case ANALOG -> seldom ? "diagnostic" : "measurement";
      case COUNTER -> "register";
      case STATE -> "state";
      case TEXT -> "diagnostic";
    };
  }

  /** The kind of a code in the database. */
  public static PointKind kind(int code) {
    return switch (code) {
      case 0 -> PointKind.ANALOG;
      case 1 -> PointKind.COUNTER;
      case 2 -> PointKind.STATE;
      default -> PointKind.TEXT;
    };
  }

  private PointKind kind(@Nullable String profile, Sample sample) {
    return (profile == null
            ? java.util.Optional.<PointKind>empty()
            : profiles
                .find(profile)
                .flatMap(p -> p.point(sample.point()))
                .map(io.plantroom.profile.Point::kind))
        .orElseGet(() -> kind(sample.value()));
  }

  private static PointKind kind(@Nullable Value value) {
    if (value instanceof Value.Counter) {
      return PointKind.COUNTER;
    }
    if (value instanceof Value.State) {
      return PointKind.STATE;
    }
    return value instanceof Value.Text ? PointKind.TEXT : PointKind.ANALOG;
  }

  private record DeviceRow(int id, String key, @Nullable String profile) {}
}
