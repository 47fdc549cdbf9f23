package io.plantroom.hub.fleet;

import io.plantroom.hub.ingest.AfterCommit;
import io.plantroom.hub.ingest.GatewayRef;
import io.plantroom.hub.telemetry.PointRegistry;
import io.plantroom.profile.BillingRegister;
import io.plantroom.profile.Point;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.ScanClass;
import io.plantroom.wire.Event;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Makes the ledger say what a gateway has: devices, their points and their billing registers. */
public final class Inventory {
  private static final String NEWER =
      """
      SELECT EXISTS (SELECT 1 FROM device WHERE gateway_id = :gateway AND inventory_at > :at)""";
  private static final String ABSENT =
      """
      UPDATE device SET present = false WHERE gateway_id = :gateway AND NOT key = ANY (:keys)""";
  private static final String DEVICE =
      """
      INSERT INTO device (gateway_id, key, profile, name_zh, name_en, location_zh, location_en,
                          endpoint, serial, inventory_at, writable)
      VALUES (:gateway, :key, :profile, :zh, :en, :location_zh, :location_en, :endpoint, :serial, :at,
              :writable)
      ON CONFLICT (gateway_id, key) DO UPDATE SET profile = excluded.profile,
          name_zh = excluded.name_zh, name_en = excluded.name_en,
          location_zh = excluded.location_zh, location_en = excluded.location_en,
          endpoint = excluded.endpoint, serial = excluded.serial, present = true,
          inventory_at = excluded.inventory_at, writable = excluded.writable
      RETURNING id""";
  private static final String POINT =
      """
      INSERT INTO point (device_id, name, kind, class, silence_seconds)
      VALUES (:device, :name, :kind, :class, :silence)
      ON CONFLICT (device_id, name) DO UPDATE SET kind = excluded.kind, class = excluded.class,
          silence_seconds = excluded.silence_seconds""";
  private static final String REGISTER =
      """
      INSERT INTO meter_register (device_id, point_name, medium, obis, unit, digits, decimals)
      VALUES (:device, :point, :medium, :obis, :unit, :digits, :decimals)
      ON CONFLICT (device_id, obis) DO UPDATE SET point_name = excluded.point_name,
          medium = excluded.medium, unit = excluded.unit, digits = excluded.digits,
          decimals = excluded.decimals, active = true""";

  private final ProfileCatalog profiles;
  private final PointRegistry points;

  public Inventory(ProfileCatalog profiles, PointRegistry points) {
    this.profiles = profiles;
    this.points = points;
  }

  void apply(Handle handle, GatewayRef gateway, Event.Inventory list, AfterCommit after) {
    OffsetDateTime at = OffsetDateTime.ofInstant(list.at(), ZoneOffset.UTC);
    if (newerStands(handle, gateway, at)) {
      return;
    }
    handle
        .createUpdate(ABSENT)
        .bind("gateway", gateway.id())
        .bindArray("keys", String.class, list.devices().stream().map(Event.Device::key).toArray())
        .execute();
    for (Event.Device device : list.devices()) {
      int id = device(handle, gateway, device, at);
      Optional<Profile> profile = profiles.find(device.profile());
      profile.ifPresent(p -> describe(handle, id, p, device.reporting()));
    }
    after.run(() -> points.forget(gateway.id()));
  }

  private static boolean newerStands(Handle handle, GatewayRef gateway, OffsetDateTime at) {
    return handle
        .createQuery(NEWER)
        .bind("gateway", gateway.id())
        .bind("at", at)
        .mapTo(Boolean.class)
        .one();
  }

  private static int device(
      Handle handle, GatewayRef gateway, Event.Device device, OffsetDateTime at) {
    Event.LocalName location = device.location();
    return handle
        .createQuery(DEVICE)
        .bind("gateway", gateway.id())
        .bind("key", device.key())
        .bind("profile", device.profile())
        .bind("zh", device.name().zh())
        .bind("en", device.name().en())
        .bind("location_zh", location == null ? null : location.zh())
        .bind("location_en", location == null ? null : location.en())
        .bind("endpoint", device.endpoint())
        .bind("serial", device.serial())
        .bind("at", at)
        .bindArray(
            "writable",
            String.class,
            device.writable() == null ? new Object[0] : device.writable().toArray())
        .mapTo(Integer.class)
        .one();
  }

  private static void describe(
      Handle handle, int device, Profile profile, Event.@Nullable Reporting reporting) {
    PreparedBatch batch = handle.prepareBatch(POINT);
    for (Point p : profile.points()) {
      batch
          .bind("device", device)
          .bind("name", p.name())
          .bind("kind", PointRegistry.code(p.kind()))
          .bind("class", PointRegistry.retentionClass(p.kind(), p.scan() == ScanClass.SLOW))
          .bind("silence", reporting == null ? null : (Long) reporting.of(p.name()))
          .add();
    }
    batch.execute();
    for (BillingRegister r : profile.billing()) {
      handle
          .createUpdate(REGISTER)
          .bind("device", device)
          .bind("point", r.point())
          .bind("medium", r.medium().name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .bind("obis", r.obis())
          .bind("unit", profile.point(r.point()).map(Point::unit).orElse(""))
          .bind("digits", r.digits())
          .bind("decimals", r.decimals())
          .execute();
    }
  }
}
