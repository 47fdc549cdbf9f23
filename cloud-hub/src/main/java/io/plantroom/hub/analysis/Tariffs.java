package io.plantroom.hub.analysis;

import io.plantroom.hub.access.Audit;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Json;
import io.plantroom.hub.http.Routes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The tariff plans of a site. A plan is never changed: putting it again makes a new version. */
final class Tariffs {
  private static final String NEWEST =
      """
      SELECT DISTINCT ON (medium, valid_from) medium, version, plan, author, put_at
        FROM tariff_plan WHERE site_id = :site ORDER BY medium, valid_from, version DESC""";
  private static final String PUT =
      """
      INSERT INTO tariff_plan (site_id, medium, valid_from, version, plan, author)
      SELECT :site, :medium, :from, coalesce(max(version), 0) + 1, :plan, :author FROM tariff_plan
       WHERE site_id = :site AND medium = :medium AND valid_from = :from""";
  private static final String LOCK =
      """
      SELECT 1 FROM org_node WHERE id = :site FOR NO KEY UPDATE""";
  private static final String METERED =
      """
      SELECT DISTINCT m.medium FROM meter_register m JOIN device d ON d.id = m.device_id
        JOIN gateway g ON g.id = d.gateway_id WHERE g.site_id = :site""";

  private final Database database;

  Tariffs(Database database) {
    this.database = database;
  }

  /** A plan as it stands. */
  record Standing(TariffPlan plan, int version, String author, Instant putAt) {}

  void addTo(Routes routes) {
    routes.on("tariffs", this::list).on("putTariff", this::put);
  }

  /** Of one medium, in the order of their first days. */
  static List<TariffPlan> of(Handle handle, String site, String medium) {
    return standing(handle, site).stream()
        .map(Standing::plan)
        .filter(p -> p.medium().equals(medium))
        .toList();
  }

  private static List<Standing> standing(Handle handle, String site) {
    return handle.createQuery(NEWEST).bind("site", site).map((rs, ctx) -> of(rs)).list();
  }

  private static Standing of(ResultSet rs) throws SQLException {
    return new Standing(
        Json.read(rs.getString("plan"), TariffPlan.class),
        rs.getInt("version"),
        rs.getString("author"),
        rs.getTimestamp("put_at").toInstant());
  }

  private List<Standing> list(Call call) {
    return database.jdbi().withHandle(h -> standing(h, Place.of(h, call).id()));
  }

  private List<Standing> put(Call call) {
    TariffPlan plan = call.body(TariffPlan.class);
    return database
        .jdbi()
        .inTransaction(
            h -> {
              Place place = Place.of(h, call);
              plan.checked();
              List<String> media =
                  h.createQuery(METERED).bind("site", place.id()).mapTo(String.class).list();
              if (!media.isEmpty() && !media.contains(plan.medium())) {
                throw ApiException.badRequest(
                    "medium",
                    "该项目没有这种表计，现有：" + String.join("、", media),
                    "the site has no such meters; it has " + String.join(", ", media));
              }
              h.createQuery(LOCK).bind("site", place.id()).mapTo(Integer.class).one();
              h.createUpdate(PUT)
                  .bind("site", place.id())
                  .bind("medium", plan.medium())
                  .bind("from", plan.since())
                  .bind("plan", Json.write(plan))
                  .bind("author", call.caller().name())
                  .execute();
              Audit.add(
                  h,
                  call.caller().name(),
                  "put-tariff",
                  place.id(),
                  plan.medium() + " from " + plan.validFrom(),
                  call.remote());
              return standing(h, place.id());
            });
  }
}
