package io.plantroom.hub.telemetry;

import io.plantroom.profile.Point;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.telemetry.Sample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Devices and points in the database: many at once, of any gateways, always in the same order. */
final class PointRows {
  private static final String DEVICE_KEYS =
      "unnest(CAST(:gateways AS int[]), CAST(:keys AS text[])) AS k(gateway, key)";
  private static final String MAKE_DEVICES =
      """
      INSERT INTO device (gateway_id, key, name_zh, name_en)
      SELECT gateway, key, key, key FROM\s"""
          + DEVICE_KEYS
          + " ORDER BY gateway, key ON CONFLICT DO NOTHING";
  private static final String DEVICES =
      """
      SELECT d.id, d.gateway_id, d.key, d.profile FROM\s"""
          + DEVICE_KEYS
          + " JOIN device d ON d.gateway_id = k.gateway AND d.key = k.key";
  private static final String MAKE_POINTS =
      """
      INSERT INTO point (device_id, name, kind, class)
      SELECT device, name, kind, class
        FROM unnest(CAST(:devices AS int[]), CAST(:names AS text[]), CAST(:kinds AS int[]),
                    CAST(:classes AS text[])) AS n(device, name, kind, class)
       ORDER BY device, name ON CONFLICT DO NOTHING""";

  /** Device by device: the tables are large and what is asked for is little. */
  private static final String POINTS =
      """
      SELECT k.gateway AS gateway_id, k.key, p.* FROM\s"""
          + DEVICE_KEYS
          + """
       CROSS JOIN LATERAL (
         SELECT p.id, p.device_id, p.name, p.kind FROM device d JOIN point p ON p.device_id = d.id
          WHERE d.gateway_id = k.gateway AND d.key = k.key OFFSET 0) p""";

  private final ProfileCatalog profiles;

  PointRows(ProfileCatalog profiles) {
    this.profiles = profiles;
  }

  private record DeviceKey(int gatewayId, String key) {}

  private record DeviceRow(int id, @Nullable String profile) {}

  /** All points of the devices that some points are of. */
  Map<PointKey, PointRef> of(Handle handle, Collection<PointKey> points) {
    Map<PointKey, PointRef> found = new HashMap<>();
    bind(handle.createQuery(POINTS), points)
        .map(
            (rs, ctx) ->
                Map.entry(
                    new PointKey(
                        rs.getInt("gateway_id"), rs.getString("key"), rs.getString("name")),
                    new PointRef(
                        rs.getInt("id"),
                        rs.getInt("device_id"),
                        rs.getString("name"),
                        PointRegistry.kind(rs.getInt("kind")))))
        .forEach(e -> found.put(e.getKey(), e.getValue()));
    return found;
  }

  /** Makes what does not exist; the sample of a point says its kind when no profile does. */
  void make(Handle handle, Map<PointKey, Sample> missing) {
    bind(handle.createUpdate(MAKE_DEVICES), missing.keySet()).execute();
    Map<DeviceKey, DeviceRow> devices = new HashMap<>();
    bind(handle.createQuery(DEVICES), missing.keySet())
        .map(
            (rs, ctx) ->
                Map.entry(
                    new DeviceKey(rs.getInt("gateway_id"), rs.getString("key")),
                    new DeviceRow(rs.getInt("id"), rs.getString("profile"))))
        .forEach(e -> devices.put(e.getKey(), e.getValue()));
    List<Integer> ids = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Integer> kinds = new ArrayList<>();
    List<String> classes = new ArrayList<>();
    missing.forEach(
        (point, sample) -> {
          DeviceRow device = devices.get(new DeviceKey(point.gatewayId(), point.device()));
          if (device == null) {
            throw new IllegalStateException("device '" + point.device() + "' was not made");
          }
          PointKind kind = kind(device.profile(), sample);
          ids.add(device.id());
          names.add(point.point());
          kinds.add(PointRegistry.code(kind));
          classes.add(PointRegistry.retentionClass(kind, false));
        });
    handle
        .createUpdate(MAKE_POINTS)
        .bindArray("devices", Integer.class, ids.toArray())
        .bindArray("names", String.class, names.toArray())
        .bindArray("kinds", Integer.class, kinds.toArray())
        .bindArray("classes", String.class, classes.toArray())
        .execute();
  }

  private static <S extends SqlStatement<S>> S bind(S statement, Collection<PointKey> points) {
    Set<DeviceKey> devices = new HashSet<>();
    for (PointKey p : points) {
      devices.add(new DeviceKey(p.gatewayId(), p.device()));
    }
    return statement
        .bindArray("gateways", Integer.class, devices.stream().map(DeviceKey::gatewayId).toArray())
        .bindArray("keys", String.class, devices.stream().map(DeviceKey::key).toArray());
  }

  private PointKind kind(@Nullable String profile, Sample sample) {
    return Optional.ofNullable(profile)
        .flatMap(profiles::find)
        .flatMap(p -> p.point(sample.point()))
        .map(Point::kind)
        .orElseGet(() -> PointRegistry.kind(sample.value()));
  }
}
