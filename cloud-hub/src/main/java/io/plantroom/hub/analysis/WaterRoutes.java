package io.plantroom.hub.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.plantroom.hub.analysis.WaterFlow.Finding;
import io.plantroom.hub.analysis.WaterFlow.Limits;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.profile.LocalText;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Signs of leaks in the water registers of a site. */
final class WaterRoutes {
  private static final List<String> WATER = List.of("cold-water", "hot-water");
  private static final int USUAL_DAYS = 14;
  private static final int MOST_DAYS = 62;
  private static final int USUAL_HOURS = 24;

  private final Database database;
  private final InstantSource clock;

  WaterRoutes(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  record Answer(
      String siteId,
      String timeZone,
      LocalDate from,
      LocalDate to,
      String start,
      String end,
      int hours,
      List<RowView> rows) {}

  record RowView(
      String id,
      String equipmentId,
      LocalText name,
      String medium,
      String unit,
      String obis,
      @Nullable String leastNight,
      @Nullable String average,
      @Nullable BigDecimal nightShare,
      int runningHours,
      @Nullable Instant runningSince,
      List<String> signs,
      List<NightView> nights) {}

  @JsonInclude(JsonInclude.Include.ALWAYS)
  record NightView(LocalDate day, @Nullable String volume, @Nullable String least) {}

  void addTo(Routes routes) {
    routes.on("waterFlow", this::flow);
  }

  private Object flow(Call call) {
    return database
        .jdbi()
        .inTransaction(
            h -> {
              Place place = Place.of(h, call);
              Instant now = clock.instant();
              Period period = Period.of(call, now, place.zone(), USUAL_DAYS, MOST_DAYS);
              Limits limits = limits(call);
              List<Finding> findings = findings(h, place, period, limits, call, now);
              return Report.asked(call)
                  ? Report.answer(call, report(place, period, findings))
                  : answer(place, period, limits, findings);
            });
  }

  private static Limits limits(Call call) {
    String start = call.query("start");
    String end = call.query("end");
    Limits limits =
        new Limits(
            LocalTime.parse(start == null ? "02:00" : start),
            LocalTime.parse(end == null ? "05:00" : end),
            call.query("hours", USUAL_HOURS));
    if (!limits.start().isBefore(limits.end())) {
      throw ApiException.badRequest("start", "须早于 end", "must be before end");
    }
    return limits;
  }

  private static List<Finding> findings(
      Handle handle, Place place, Period period, Limits limits, Call call, Instant now) {
    List<Register> registers =
        Register.of(handle, place.id(), WATER, ConsumptionRoutes.equipment(call)).stream()
            .filter(Register::counts)
            .toList();
    List<Instant> bounds = WaterFlow.bounds(period, limits, place.zone(), now);
    Map<Integer, Curve> curves =
        Curves.read(handle, registers.stream().map(Register::counter).toList(), bounds, now);
    return registers.stream()
        .map(
            r ->
                WaterFlow.of(
                    r,
                    Objects.requireNonNull(curves.get(r.counter().pointId())),
                    bounds,
                    period,
                    limits,
                    place.zone()))
        .toList();
  }

  private static Answer answer(Place place, Period period, Limits limits, List<Finding> findings) {
    return new Answer(
        place.id(),
        place.zone().getId(),
        period.from(),
        period.to(),
        limits.start().toString(),
        limits.end().toString(),
        limits.hours(),
        findings.stream().map(WaterRoutes::view).toList());
  }

  private static RowView view(Finding f) {
    Register r = f.register();
    return new RowView(
        String.valueOf(r.id()),
        String.valueOf(r.deviceId()),
        r.name(),
        r.medium(),
        r.unit(),
        r.obis(),
        text(f.leastNight()),
        text(f.average()),
        f.nightShare(),
        f.runningHours(),
        f.runningSince(),
        signs(f),
        f.nights().stream()
            .map(n -> new NightView(n.day(), text(n.volume()), text(n.least())))
            .toList());
  }

  private static List<String> signs(Finding f) {
    List<String> signs = new ArrayList<>();
    if (f.continuous()) {
      signs.add("continuous-flow");
    }
    if (f.nightFlow()) {
      signs.add("night-flow");
    }
    return signs;
  }

  private static @Nullable String text(@Nullable BigDecimal number) {
    return number == null ? null : Use.plain(number);
  }

  private static Report report(Place place, Period period, List<Finding> findings) {
    List<LocalText> head =
        List.of(
            new LocalText("水表", "Water meter"),
            new LocalText("介质", "Medium"),
            new LocalText("单位", "Unit"),
            new LocalText("夜间最小流量（每小时）", "Least night flow per hour"),
            new LocalText("平均流量（每小时）", "Average flow per hour"),
            new LocalText("夜间最小/平均", "Night share of average"),
            new LocalText("持续用水小时数", "Hours without a pause"),
            new LocalText("持续用水", "Continuous flow"),
            new LocalText("夜间不断流", "Flow in every night"));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    List<List<@Nullable Object>> nights = new ArrayList<>();
    for (Finding f : findings) {
      LocalText name = f.register().name();
      rows.add(
          Arrays.asList(
              name,
              Words.medium(f.register().medium()),
              f.register().unit(),
              f.leastNight(),
              f.average(),
              f.nightShare(),
              f.runningHours(),
              Words.yes(f.continuous()),
              Words.yes(f.nightFlow())));
      f.nights()
          .forEach(n -> nights.add(Arrays.asList(name, n.day().toString(), n.volume(), n.least())));
    }
    return new Report(
        "water-flow-" + place.id() + "-" + period.from() + "-" + period.to(),
        List.of(
            new Report.Sheet(new LocalText("漏水迹象", "Leak signs"), head, rows),
            new Report.Sheet(
                new LocalText("逐夜", "Nights"),
                List.of(
                    new LocalText("水表", "Water meter"),
                    new LocalText("日期", "Day"),
                    new LocalText("夜间用量", "Volume of the night"),
                    new LocalText("最小流量（每小时）", "Least flow per hour")),
                nights)));
  }
}
