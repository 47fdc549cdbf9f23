package io.plantroom.hub.ingest;

import io.plantroom.hub.access.Audit;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.Topics;
import io.plantroom.wire.WireException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What was set aside, and taking it in once whatever was wrong is mended. */
public final class QuarantineRoutes {
  private static final int MOST = 500;
  private static final String SELECT =
      """
      SELECT q.* FROM quarantine q JOIN gateway g ON g.id = q.gateway_id WHERE g."""
          + Call.VISIBLE;
  private static final String OF_GATEWAY =
      SELECT + " AND g.id = :id ORDER BY q.id DESC LIMIT " + MOST;
  private static final String ONE = SELECT + " AND q.id = :id FOR UPDATE OF q";
  private static final String GATEWAY =
      """
      SELECT EXISTS (SELECT 1 FROM gateway g WHERE g.id = :id AND g."""
          + Call.VISIBLE
          + ")";
  private static final String REPLAYED =
      """
      UPDATE quarantine SET replayed_at = now(), replayed_by = :who WHERE id = :id""";

  private final Database database;
  private final Ingest ingest;

  public QuarantineRoutes(Database database, Ingest ingest) {
    this.database = database;
    this.ingest = ingest;
  }

  /**
   * A message that was set aside.
   *
   * @param lane with epoch and range null when not even the header can be read
   */
  record Held(
      String id,
      String topic,
      String reason,
      int bytes,
      long seen,
      Instant firstSeen,
      Instant lastSeen,
      @Nullable String lane,
      @Nullable String epoch,
      @Nullable Long from,
      @Nullable Long to,
      @Nullable Instant replayedAt,
      @Nullable String replayedBy) {}

  record Replayed(String id, int samples, int events) {}

  public void addTo(Routes routes) {
    routes.on("quarantine", this::list).on("replayQuarantine", this::replay);
  }

  private List<Held> list(Call call) {
    long gateway = call.id("gateway", "该网关", "This gateway");
    return database
        .jdbi()
        .withHandle(
            h -> {
              boolean mine =
                  call.visible(h.createQuery(GATEWAY))
                      .bind("id", gateway)
                      .mapTo(Boolean.class)
                      .one();
              if (!mine) {
                throw ApiException.notFound("gateway", "该网关", "This gateway");
              }
              return call.visible(h.createQuery(OF_GATEWAY))
                  .bind("id", gateway)
                  .map((rs, ctx) -> held(rs))
                  .list();
            });
  }

  private Replayed replay(Call call) {
    long id = call.id("quarantine", "该隔离报文", "This message in quarantine");
    FrameStore.Result result;
    try {
      result = ingest.replay(h -> delivery(h, call, id), h -> done(h, call, id));
    } catch (ApiException e) {
      throw e;
    } catch (Exception e) {
      if (SqlErrors.passing(e)) {
        throw new IllegalStateException("replay of " + id, e);
      }
      throw refused(SqlErrors.reason(e));
    }
    return new Replayed(String.valueOf(id), result.samples, result.events);
  }

  private static Incoming delivery(Handle handle, Call call, long id) {
    Delivery found =
        call.visible(handle.createQuery(ONE))
            .bind("id", id)
            .map(
                (rs, ctx) -> {
                  if (rs.getTimestamp("replayed_at") != null) {
                    throw ApiException.conflict(
                        "already-replayed", "该报文已重新处理。", "This message was already taken in.");
                  }
                  return new Delivery(rs.getString("topic"), rs.getBytes("payload"), () -> {});
                })
            .findOne()
            .orElseThrow(
                () -> ApiException.notFound("quarantine", "该隔离报文", "This message in quarantine"));
    Topics.Up from =
        Topics.parseUp(found.topic()).orElseThrow(() -> refused("topic " + found.topic()));
    Incoming in = Incoming.of(found, from);
    if (in.frame() == null) {
      throw refused(String.valueOf(in.problem()));
    }
    return in;
  }

  private static void done(Handle handle, Call call, long id) {
    String who = call.caller().name();
    handle.createUpdate(REPLAYED).bind("id", id).bind("who", who).execute();
    Audit.add(handle, who, "replay-quarantine", String.valueOf(id), "", call.remote());
  }

  private static ApiException refused(String reason) {
    return ApiException.conflict(
        "still-unreadable", "仍无法处理：" + reason, "It still cannot be taken in: " + reason);
  }

  private static Held held(ResultSet rs) throws SQLException {
    byte[] payload = rs.getBytes("payload");
    FrameHeader header = header(payload);
    Timestamp replayed = rs.getTimestamp("replayed_at");
    return new Held(
        rs.getString("id"),
        rs.getString("topic"),
        rs.getString("reason"),
        payload.length,
        rs.getLong("seen"),
        rs.getTimestamp("first_seen").toInstant(),
        rs.getTimestamp("last_seen").toInstant(),
        header == null ? null : header.lane().name().toLowerCase(Locale.ROOT),
        header == null ? null : String.valueOf(header.epoch()),
        header == null ? null : header.firstSequence(),
        header == null ? null : header.lastSequence(),
        replayed == null ? null : replayed.toInstant(),
        rs.getString("replayed_by"));
  }

  private static @Nullable FrameHeader header(byte[] payload) {
    try {
      return FrameCodec.decodeHeader(payload);
    } catch (WireException e) {
      return null; // That is why it is here.
    }
  }
}
