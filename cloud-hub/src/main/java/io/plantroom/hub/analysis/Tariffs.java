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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The tariff plans of a site. A plan is never changed: putting it again makes a new version. */
final class Tariffs {
  private static final String ALL =
      """
      SELECT version, plan, author, put_at FROM tariff_plan
       WHERE site_id = :site ORDER BY medium, valid_from, version DESC""";
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

  /**
   * A version of a plan.
   *
   * @param standing whether it is the one that counts: the newest, unless that is withdrawn
   */
  record Version(TariffPlan plan, int version, String author, Instant putAt, boolean standing) {}

  void addTo(Routes routes) {
    routes.on("tariffs", this::list).on("putTariff", this::put);
  }

  /** Of one medium, in the order of their first days. */
  static List<TariffPlan> of(Handle handle, String site, String medium) {
    return standing(handle, site).stream()
        .map(Version::plan)
        .filter(p -> p.medium().equals(medium))
        .toList();
  }

  private static List<Version> standing(Handle handle, String site) {
    return all(handle, site).stream().filter(Version::standing).toList();
  }

  /** By medium and first day, the newest version of each first. */
  private static List<Version> all(Handle handle, String site) {
    Set<List<String>> seen = new HashSet<>();
    return handle.createQuery(ALL).bind("site", site).map((rs, ctx) -> of(rs, seen)).list();
  }

  private static Version of(ResultSet rs, Set<List<String>> seen) throws SQLException {
    TariffPlan plan = Json.read(rs.getString("plan"), TariffPlan.class);
    boolean newest = seen.add(List.of(plan.medium(), plan.validFrom()));
    return new Version(
        plan,
        rs.getInt("version"),
        rs.getString("author"),
        rs.getTimestamp("put_at").toInstant(),
        newest && plan.withdrawn() == null);
  }

  private List<Version> list(Call call) {
    boolean every = "all".equals(call.query("versions"));
    return database
        .jdbi()
        .withHandle(
            h -> {
              String site = Place.of(h, call).id();
              return every ? all(h, site) : standing(h, site);
            });
  }

  private List<Version> put(Call call) {
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
                  plan.withdrawn() == null ? "put-tariff" : "withdraw-tariff",
                  place.id(),
                  plan.medium() + " from " + plan.validFrom(),
                  call.remote());
              return standing(h, place.id());
            });
  }
}
