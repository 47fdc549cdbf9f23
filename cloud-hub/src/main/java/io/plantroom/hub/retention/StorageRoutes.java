package io.plantroom.hub.retention;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.plantroom.hub.config.RetentionConfig;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.database.Reads;
import io.plantroom.hub.database.Standing;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What is kept for how long, from when on it is complete, and how far the rollups are. */
public final class StorageRoutes {
  private static final String SITES =
      """
      SELECT s AS id FROM allowed_sites(:account, :roles) s ORDER BY 1""";
  private static final String HORIZONS =
      """
      SELECT site_id, class, data, kept_from FROM retention_horizon""";
  private static final String WAITING =
      """
      SELECT count(*) AS marks, min(hour) AS oldest FROM rollup_mark WHERE site_id = ANY (:sites)""";

  private final Database database;
  private final Reads reads;
  private final RetentionConfig config;

  public StorageRoutes(Database database, Reads reads, RetentionConfig config) {
    this.database = database;
    this.reads = reads;
    this.config = config;
  }

  record Storage(
      String databaseLevel,
      String tables,
      @Nullable ReplicaView replica,
      Waiting rollups,
      List<KeptView> kept) {}

  /** The replica for long questions, when there is one. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record ReplicaView(String state, @Nullable Double behindSeconds, long mostBehindSeconds) {
    static ReplicaView of(Standing standing) {
      Duration behind = standing.behind();
      return new ReplicaView(
          standing.state().key(),
          behind == null ? null : behind.toMillis() / 1000.0,
          standing.most().toSeconds());
    }
  }

  /** What the rollups have not made yet; the oldest hour of it. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Waiting(long marks, @Nullable Instant oldest) {}

  /** {@code from} is null until something has been looked at for the first time. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record KeptView(
      String siteId, String pointClass, String data, int days, @Nullable Instant from) {}

  private record Key(String site, String pointClass, String data) {}

  public void addTo(Routes routes) {
    routes.on("storage", this::storage);
  }

  private Storage storage(Call call) {
    return database.jdbi().withHandle(h -> storage(h, call));
  }

  private Storage storage(Handle handle, Call call) {
    List<String> sites = call.visible(handle.createQuery(SITES)).mapTo(String.class).list();
    Map<Key, Instant> from = new HashMap<>();
    handle
        .createQuery(HORIZONS)
        .map(
            (rs, ctx) ->
                Map.entry(
                    new Key(rs.getString("site_id"), rs.getString("class"), rs.getString("data")),
                    rs.getTimestamp("kept_from").toInstant()))
        .forEach(e -> from.put(e.getKey(), e.getValue()));
    List<KeptView> kept = new ArrayList<>();
    for (String site : sites) {
      for (DataSet data : DataSet.values()) {
        for (String c : Retention.CLASSES) {
          if (data.holds(c)) {
            kept.add(
                new KeptView(
                    site,
                    c,
                    data.table(),
                    data.days(config, site, c),
                    from.get(new Key(site, c, data.table()))));
          }
        }
      }
    }
    Waiting waiting =
        handle
            .createQuery(WAITING)
            .bindArray("sites", String.class, sites.toArray())
            .map(
                (rs, ctx) ->
                    new Waiting(
                        rs.getLong("marks"),
                        rs.getTimestamp("oldest") == null
                            ? null
                            : rs.getTimestamp("oldest").toInstant()))
            .one();
    return new Storage(
        database.level().key(),
        database.partitioned() ? "partitions" : "hypertables",
        reads.standing().map(ReplicaView::of).orElse(null),
        waiting,
        kept);
  }
}
