package io.plantroom.hub.maintenance;

import io.plantroom.hub.access.Audit;
import io.plantroom.hub.alarm.CorrectiveOrders;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.hub.ingest.AfterCommit;
import io.plantroom.hub.live.LiveFeed;
import io.plantroom.profile.LocalText;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Jobs and their life: open, in progress, completed. One open job per equipment and rule. */
public final class WorkOrders implements CorrectiveOrders {
  private static final String VISIBLE = "w." + Call.VISIBLE;
  private static final String OPEN =
      """
      INSERT INTO work_order (number, site_id, device_id, kind, rule, title_zh, title_en, priority,
          alarm_id, plan_counter, plan_threshold, plan_reading, opened_at)
      SELECT 'WO-' || to_char(:at AT TIME ZONE 'UTC', 'YYYY') || '-'
                  || lpad(nextval('work_order_number')::text, 6, '0'),
             :site, :device, :kind, :rule, :zh, :en, :priority, CAST(:alarm AS bigint), :counter,
             CAST(:threshold AS numeric), CAST(:reading AS numeric), :at
       WHERE NOT EXISTS (SELECT 1 FROM work_order WHERE device_id = :device AND kind = :kind
                            AND rule = :rule AND state <> 'completed')
      ON CONFLICT (device_id, kind, rule) WHERE state <> 'completed' DO NOTHING
      RETURNING id""";
  private static final String RELINK =
      """
      UPDATE work_order SET alarm_id = :alarm
       WHERE device_id = :device AND kind = 'corrective' AND rule = :rule AND state <> 'completed'""";
  private static final String LIST =
      WorkOrderView.SELECT
          + VISIBLE
          + """
           AND (:all OR w.state <> 'completed')
           AND (CAST(:site AS text) IS NULL OR w.site_id = :site)
           AND (CAST(:kind AS text) IS NULL OR w.kind = :kind)
           AND (CAST(:equipment AS text) IS NULL OR w.device_id::text = :equipment)
         ORDER BY w.opened_at DESC, w.id DESC LIMIT 500""";
  private static final String START =
      """
      UPDATE work_order SET state = 'in-progress', started_at = :at, started_by = :who,
          note = coalesce(:note, note)
       WHERE id = :id AND state = 'open'""";
  private static final String COMPLETE =
      """
      UPDATE work_order SET state = 'completed', completed_at = :at, completed_by = :who,
          started_at = coalesce(started_at, :at), started_by = coalesce(started_by, :who),
          note = :note, cause = :cause
       WHERE id = :id AND state <> 'completed'""";
  private static final String ALARM_ACTIVE =
      """
      SELECT EXISTS (SELECT 1 FROM alarm a JOIN work_order w
                        ON a.device_id = w.device_id AND a.key = w.rule
                      WHERE w.id = :id AND w.kind = 'corrective' AND a.cleared_at IS NULL)""";

  private final Database database;
  private final LiveFeed live;
  private final InstantSource clock;
  private final ServiceMeters meters;

  public WorkOrders(Database database, LiveFeed live, InstantSource clock, ServiceMeters meters) {
    this.database = database;
    this.live = live;
    this.clock = clock;
    this.meters = meters;
    live.source("work-order", this::find);
  }

  record Note(@Nullable String note) {}

  record Completion(String note, @Nullable String cause) {}

  /** Why a service is due. */
  record Due(
      String siteId,
      int deviceId,
      String plan,
      LocalText title,
      String counter,
      BigDecimal threshold,
      BigDecimal reading) {}

  public void addTo(Routes routes) {
    routes
        .on("workOrders", this::list)
        .on("startWorkOrder", this::start)
        .on("completeWorkOrder", this::complete);
  }

  @Override
  public void open(Handle handle, Request request, AfterCommit after) {
    OptionalId made =
        insert(
            handle,
            request.siteId(),
            request.deviceId(),
            "corrective",
            request.rule(),
            request.title(),
            request.priority(),
            request.alarmId(),
            null);
    if (made.id() == null) {
      // The same fault again while its job is open: the job now belongs to the present alarm.
      handle
          .createUpdate(RELINK)
          .bind("alarm", request.alarmId())
          .bind("device", request.deviceId())
          .bind("rule", request.rule())
          .execute();
    }
    made.tell(after, this::show);
  }

  /** A service that has fallen due; nothing when its order is open already. */
  void openPreventive(Handle handle, Due due, AfterCommit after) {
    insert(
            handle,
            due.siteId(),
            due.deviceId(),
            "preventive",
            due.plan(),
            due.title(),
            "medium",
            null,
            due)
        .tell(after, this::show);
  }

  private record OptionalId(@Nullable Long id) {
    void tell(AfterCommit after, java.util.function.LongConsumer show) {
      Long made = id;
      if (made != null) {
        after.run(() -> show.accept(made));
      }
    }
  }

  private OptionalId insert(
      Handle handle,
      String site,
      int device,
      String kind,
      String rule,
      LocalText title,
      String priority,
      @Nullable Long alarm,
      @Nullable Due due) {
    return new OptionalId(
        handle
            .createQuery(OPEN)
            .bind("site", site)
            .bind("device", device)
            .bind("kind", kind)
            .bind("rule", rule)
            .bind("zh", title.zh())
            .bind("en", title.en())
            .bind("priority", priority)
            .bind("alarm", alarm)
            .bind("counter", due == null ? null : due.counter())
            .bind("threshold", due == null ? null : due.threshold())
            .bind("reading", due == null ? null : due.reading())
            .bind("at", now())
            .mapTo(Long.class)
            .findOne()
            .orElse(null));
  }

  private List<WorkOrderView> list(Call call) {
    return database
        .jdbi()
        .withHandle(
            h ->
                call.visible(h.createQuery(LIST))
                    .bind("all", "all".equals(call.query("state")))
                    .bind("site", call.query("site"))
                    .bind("kind", call.query("kind"))
                    .bind("equipment", call.query("equipment"))
                    .map((rs, ctx) -> WorkOrderView.of(rs))
                    .list());
  }

  private WorkOrderView start(Call call) {
    Note note = call.body(Note.class);
    return change(
        call,
        (h, id) -> {
          int changed =
              h.createUpdate(START)
                  .bind("id", id)
                  .bind("at", now())
                  .bind("who", call.caller().name())
                  .bind("note", note.note())
                  .execute();
          if (changed == 0) {
            throw ApiException.conflict(
                "not-open", "该工单已开始或已完成。", "This work order was already started or completed.");
          }
          Audit.add(
              h, call.caller().name(), "start-work-order", String.valueOf(id), "", call.remote());
        });
  }

  private WorkOrderView complete(Call call) {
    Completion completion = call.body(Completion.class);
    return change(
        call,
        (h, id) -> {
          boolean active = h.createQuery(ALARM_ACTIVE).bind("id", id).mapTo(Boolean.class).one();
          if (active) {
            throw ApiException.conflict(
                "alarm-active",
                "告警仍未消除，设备恢复正常后才能完成工单。",
                "The alarm is still active; the job closes when the equipment is well.");
          }
          int changed =
              h.createUpdate(COMPLETE)
                  .bind("id", id)
                  .bind("at", now())
                  .bind("who", call.caller().name())
                  .bind("note", completion.note())
                  .bind("cause", completion.cause())
                  .execute();
          if (changed == 0) {
            throw ApiException.conflict(
                "already-completed", "该工单已完成。", "This work order is already completed.");
          }
          meters.serviced(h, id);
          Audit.add(
              h,
              call.caller().name(),
              "complete-work-order",
              String.valueOf(id),
              completion.note(),
              call.remote());
        });
  }

  private interface Change {
    void apply(Handle handle, long id);
  }

  private WorkOrderView change(Call call, Change change) {
    long id = call.id("work-order", "该工单", "This work order");
    WorkOrderView now =
        database
            .jdbi()
            .inTransaction(
                h -> {
                  find(h, call, id);
                  change.apply(h, id);
                  return find(h, call, id);
                });
    show(id);
    return now;
  }

  private static WorkOrderView find(Handle handle, Call call, long id) {
    return call.visible(handle.createQuery(WorkOrderView.SELECT + VISIBLE + " AND w.id = :id"))
        .bind("id", id)
        .map((rs, ctx) -> WorkOrderView.of(rs))
        .findOne()
        .orElseThrow(() -> ApiException.notFound("work-order", "该工单", "This work order"));
  }

  private void show(long id) {
    live.changed("work-order", String.valueOf(id));
  }

  private List<LiveFeed.Item> find(List<String> ids) {
    return database
        .jdbi()
        .withHandle(
            h ->
                h
                    .createQuery(WorkOrderView.SELECT + "w.id = ANY (CAST(:ids AS bigint[]))")
                    .bindArray("ids", String.class, ids.toArray())
                    .map((rs, ctx) -> WorkOrderView.of(rs))
                    .stream()
                    .map(w -> new LiveFeed.Item(w.siteId(), "work-order", w))
                    .toList());
  }

  private OffsetDateTime now() {
    Instant now = clock.instant();
    return now.atOffset(ZoneOffset.UTC);
  }
}
