package io.plantroom.hub.alarm;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.plantroom.hub.access.Audit;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** What people see of alarms and do with them. */
public final class AlarmRoutes {
  private static final String VISIBLE = "a." + Call.VISIBLE;
  private static final Pattern CURSOR = Pattern.compile("(-?\\d{1,18})\\.(\\d{1,18})");
  private static final String PAGE =
      AlarmView.SELECT
          + VISIBLE
          + """
           AND %s
           AND (CAST(:site AS text) IS NULL OR a.site_id = :site)
           AND (CAST(:priorities AS text) IS NULL
                OR a.priority = ANY (string_to_array(:priorities, ',')))
           AND (CAST(:equipment AS text) IS NULL OR a.device_id::text = :equipment)
           AND (CAST(:text AS text) IS NULL OR concat_ws(' ', a.title_zh, a.title_en, d.name_zh,
                d.name_en, g.code, g.name_zh, g.name_en, a.key) ILIKE :text)
           AND (CAST(:micros AS bigint) IS NULL OR (a.raised_at, a.id)
                < ('epoch'::timestamptz + :micros * interval '1 microsecond', :before_id))
         ORDER BY a.raised_at DESC, a.id DESC LIMIT :limit""";
  private static final String HISTORY =
      """
      SELECT at, who, what, note FROM alarm_history WHERE alarm_id = :id ORDER BY id""";

  private final Database database;
  private final AlarmService alarms;
  private final InstantSource clock;

  public AlarmRoutes(Database database, AlarmService alarms, InstantSource clock) {
    this.database = database;
    this.alarms = alarms;
    this.clock = clock;
  }

  record Page(
      List<AlarmView> items,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String nextBefore) {}

  record Detail(@JsonUnwrapped AlarmView alarm, List<Change> history) {}

  record Change(Instant at, String who, String what, @Nullable String note) {}

  record Note(@Nullable String note) {}

  public void addTo(Routes routes) {
    routes
        .on("alarms", this::page)
        .on("alarm", this::detail)
        .on("acknowledgeAlarm", this::acknowledge);
  }

  private Page page(Call call) {
    int limit = call.query("limit", 100);
    String before = call.query("before");
    Matcher cursor = CURSOR.matcher(before == null ? "" : before);
    boolean from = cursor.matches();
    if (before != null && !from) {
      throw ApiException.badRequest(
          "before", "请使用上一页返回的 nextBefore", "use nextBefore of the page before");
    }
    String text = call.query("text");
    List<AlarmView> found =
        database
            .jdbi()
            .withHandle(
                h -> {
                  Query query = h.createQuery(PAGE.formatted(state(call.query("state"))));
                  return call.visible(query)
                      .bind("site", call.query("site"))
                      .bind("priorities", call.query("priority"))
                      .bind("equipment", call.query("equipment"))
                      .bind("text", text == null ? null : "%" + escaped(text) + "%")
                      .bind("micros", from ? (Long) Long.parseLong(cursor.group(1)) : null)
                      .bind("before_id", from ? Long.parseLong(cursor.group(2)) : 0L)
                      .bind("limit", limit + 1)
                      .map((rs, ctx) -> AlarmView.of(rs))
                      .list();
                });
    if (found.size() <= limit) {
      return new Page(found, null);
    }
    AlarmView last = found.get(limit - 1);
    Instant at = last.raisedAt();
    long micros = Math.addExact(at.getEpochSecond() * 1_000_000, at.getNano() / 1000);
    return new Page(found.subList(0, limit), micros + "." + last.id());
  }

  private Detail detail(Call call) {
    long id = call.id("alarm", "该告警", "This alarm");
    return database
        .jdbi()
        .withHandle(
            h ->
                new Detail(
                    find(h, call, id),
                    h.createQuery(HISTORY)
                        .bind("id", id)
                        .map(
                            (rs, ctx) ->
                                new Change(
                                    rs.getTimestamp("at").toInstant(),
                                    rs.getString("who"),
                                    rs.getString("what"),
                                    rs.getString("note")))
                        .list()));
  }

  private AlarmView acknowledge(Call call) {
    long id = call.id("alarm", "该告警", "This alarm");
    Note note = call.body(Note.class);
    AlarmView now =
        database
            .jdbi()
            .inTransaction(
                h -> {
                  find(h, call, id);
                  String who = call.caller().name();
                  if (!AlarmLedger.acknowledge(h, id, clock.instant(), who, note.note())) {
                    throw ApiException.conflict(
                        "already-acknowledged", "该告警已被确认。", "This alarm is already acknowledged.");
                  }
                  Audit.add(h, who, "acknowledge-alarm", String.valueOf(id), "", call.remote());
                  return find(h, call, id);
                });
    alarms.show(id);
    return now;
  }

  private static AlarmView find(Handle handle, Call call, long id) {
    return call.visible(handle.createQuery(AlarmView.SELECT + VISIBLE + " AND a.id = :id"))
        .bind("id", id)
        .map((rs, ctx) -> AlarmView.of(rs))
        .findOne()
        .orElseThrow(() -> ApiException.notFound("alarm", "该告警", "This alarm"));
  }

  private static String state(@Nullable String state) {
    return switch (state == null ? "open" : state) {
      case "all" -> "true";
      case "active" -> "a.cleared_at IS NULL";
      case "unacknowledged" -> "a.acknowledged_at IS NULL";
      default -> "(a.cleared_at IS NULL OR a.acknowledged_at IS NULL)";
    };
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }
}
