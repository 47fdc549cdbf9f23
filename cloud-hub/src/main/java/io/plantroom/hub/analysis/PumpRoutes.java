package io.plantroom.hub.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.plantroom.hub.analysis.Pumps.Measured;
import io.plantroom.hub.analysis.Pumps.Row;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.profile.LocalText;
import io.plantroom.profile.ProfileCatalog;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Energy, volume and use of the pump groups of a site. */
final class PumpRoutes {
  private static final int USUAL_DAYS = 7;

  private final Database database;
  private final ProfileCatalog profiles;
  private final InstantSource clock;

  PumpRoutes(Database database, ProfileCatalog profiles, InstantSource clock) {
    this.database = database;
    this.profiles = profiles;
    this.clock = clock;
  }

  record Answer(
      String siteId,
      String timeZone,
      LocalDate from,
      LocalDate to,
      String step,
      List<Instant> buckets,
      List<RowView> rows) {}

  record RowView(
      String key,
      LocalText name,
      MeasuredView total,
      List<MeasuredView> values,
      @Nullable String specificBefore,
      @Nullable BigDecimal percent,
      boolean drifted) {}

  @JsonInclude(JsonInclude.Include.ALWAYS)
  record MeasuredView(
      UseView energy,
      UseView volume,
      @Nullable String specific,
      @Nullable Double runningShare,
      double runningHours,
      @Nullable BigDecimal load) {}

  void addTo(Routes routes) {
    routes.on("pumps", this::pumps);
  }

  private Object pumps(Call call) {
    return database
        .jdbi()
        .inTransaction(
            h -> {
              Place place = Place.of(h, call);
              Instant now = clock.instant();
              String asked = call.query("step");
              Step step = Step.valueOf((asked == null ? "day" : asked).toUpperCase(Locale.ROOT));
              Period period = Period.of(call, now, place.zone(), USUAL_DAYS, step.mostDays());
              List<Instant> bounds = step.bounds(period.from(), period.until(), place.zone());
              List<Row> rows =
                  Pumps.of(
                      h,
                      SitePoint.of(h, place, profiles),
                      SettingsStore.of(h, place).pumpGroups(),
                      bounds,
                      now);
              List<Instant> buckets = bounds.subList(0, bounds.size() - 1);
              return Report.asked(call)
                  ? Report.answer(call, report(place, period, step, buckets, rows))
                  : new Answer(
                      place.id(),
                      place.zone().getId(),
                      period.from(),
                      period.to(),
                      step.key(),
                      buckets,
                      rows.stream().map(PumpRoutes::view).toList());
            });
  }

  private static RowView view(Row row) {
    return new RowView(
        row.group().key(),
        row.group().name(),
        view(row.total()),
        row.values().stream().map(PumpRoutes::view).toList(),
        text(row.before()),
        row.percent(),
        row.drifted());
  }

  private static MeasuredView view(Measured m) {
    return new MeasuredView(
        UseView.of(m.energy()),
        UseView.of(m.volume()),
        text(m.specific()),
        m.run().value(),
        Math.round(m.run().running() / 36_000.0) / 100.0,
        m.load());
  }

  private static @Nullable String text(@Nullable BigDecimal number) {
    return number == null ? null : Use.plain(number);
  }

  private static Report report(
      Place place, Period period, Step step, List<Instant> buckets, List<Row> rows) {
    List<LocalText> head =
        List.of(
            new LocalText("时间", "Time"),
            new LocalText("泵组", "Pump group"),
            new LocalText("电量 kWh", "Energy kWh"),
            new LocalText("水量 m³", "Volume m³"),
            new LocalText("单位电耗 kWh/m³", "Specific energy kWh/m³"),
            new LocalText("运行时间占比", "Share of time running"),
            new LocalText("运行小时", "Running hours"),
            new LocalText("负荷率", "Load factor"));
    List<List<@Nullable Object>> values = new ArrayList<>();
    List<List<@Nullable Object>> totals = new ArrayList<>();
    for (Row row : rows) {
      for (int i = 0; i < buckets.size(); i++) {
        String time = ConsumptionReport.label(step, buckets.get(i), place);
        values.add(cells(time, row.group().name(), row.values().get(i)));
      }
      totals.add(cells(period.from() + " – " + period.to(), row.group().name(), row.total()));
    }
    return new Report(
        "pumps-" + place.id() + "-" + period.from() + "-" + period.to(),
        List.of(
            new Report.Sheet(new LocalText("明细", "Detail"), head, values),
            new Report.Sheet(new LocalText("合计", "Total"), head, totals)));
  }

  private static List<@Nullable Object> cells(String time, LocalText name, Measured m) {
    return Arrays.asList(
        time,
        name,
        m.energy().amount(),
        m.volume().amount(),
        m.specific(),
        m.run().value(),
        Math.round(m.run().running() / 36_000.0) / 100.0,
        m.load());
  }
}
