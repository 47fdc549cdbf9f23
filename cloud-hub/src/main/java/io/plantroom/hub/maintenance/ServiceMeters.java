package io.plantroom.hub.maintenance;

import io.plantroom.hub.database.Database;
import io.plantroom.profile.MaintenanceCounter;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How much each equipment was used since its last service. Until a service is recorded here, the
 * services are taken to have been done at the multiples of the interval. A counter that falls was
 * reset: what it shows then was added since.
 */
public final class ServiceMeters {
  private static final String COUNTERS =
      """
      SELECT d.id, d.profile, g.site_id, p.name, coalesce(l.register, l.value::numeric) AS reading
        FROM device d JOIN gateway g ON g.id = d.gateway_id JOIN point p ON p.device_id = d.id
        JOIN point_latest l ON l.point_id = p.id
       WHERE d.present AND g.listed AND d.profile = ANY (:profiles) AND l.quality = 0
         AND coalesce(l.register, l.value::numeric) IS NOT NULL""";
  private static final String ADVANCE =
      """
      INSERT INTO service_meter AS m (device_id, plan, last_reading, used, updated_at)
      VALUES (:device, :plan, :reading, mod(:reading, :every), now())
      ON CONFLICT (device_id, plan) DO UPDATE SET last_reading = excluded.last_reading,
          used = m.used + CASE WHEN excluded.last_reading >= m.last_reading
                               THEN excluded.last_reading - m.last_reading
                               ELSE excluded.last_reading END,
          updated_at = now()
      RETURNING used""";
  private static final String SERVICED =
      """
      UPDATE service_meter m SET used = 0, updated_at = now() FROM work_order w
       WHERE w.id = :order AND w.kind = 'preventive' AND m.device_id = w.device_id
         AND m.plan = w.rule""";

  private final Database database;
  private final ProfileCatalog profiles;

  public ServiceMeters(Database database, ProfileCatalog profiles) {
    this.database = database;
    this.profiles = profiles;
  }

  private record Counter(
      int device, @Nullable String profile, String siteId, String point, BigDecimal reading) {}

  /** Takes the latest counters in and hands over what has fallen due. */
  void advance(BiConsumer<Handle, WorkOrders.Due> due) {
    List<String> ids = new ArrayList<>();
    for (Profile p : profiles.all()) {
      if (!p.maintenance().isEmpty()) {
        ids.add(p.profile());
      }
    }
    database
        .jdbi()
        .useTransaction(
            h -> {
              // Two hubs must not both count the same use.
              h.execute("SELECT pg_advisory_xact_lock(hashtext('service_meter'))");
              for (Counter c : counters(h, ids)) {
                for (MaintenanceCounter plan : plans(c)) {
                  BigDecimal used = advance(h, c, plan);
                  if (used.compareTo(plan.every()) >= 0) {
                    due.accept(
                        h,
                        new WorkOrders.Due(
                            c.siteId(),
                            c.device(),
                            plan.key(),
                            plan.title(),
                            plan.point(),
                            plan.every(),
                            c.reading()));
                  }
                }
              }
            });
  }

  /** The service was done: counting begins anew. */
  void serviced(Handle handle, long orderId) {
    handle.createUpdate(SERVICED).bind("order", orderId).execute();
  }

  private List<MaintenanceCounter> plans(Counter c) {
    return Optional.ofNullable(c.profile())
        .flatMap(profiles::find)
        .map(Profile::maintenance)
        .orElse(List.of())
        .stream()
        .filter(plan -> plan.point().equals(c.point()))
        .toList();
  }

  private static List<Counter> counters(Handle handle, List<String> ids) {
    return handle
        .createQuery(COUNTERS)
        .bindArray("profiles", String.class, ids.toArray())
        .map(
            (rs, ctx) ->
                new Counter(
                    rs.getInt("id"),
                    rs.getString("profile"),
                    rs.getString("site_id"),
                    rs.getString("name"),
                    rs.getBigDecimal("reading")))
        .list();
  }

  private static BigDecimal advance(Handle handle, Counter c, MaintenanceCounter plan) {
    return handle
        .createQuery(ADVANCE)
        .bind("device", c.device())
        .bind("plan", plan.key())
        .bind("reading", c.reading())
        .bind("every", plan.every())
        .mapTo(BigDecimal.class)
        .one();
  }
}
