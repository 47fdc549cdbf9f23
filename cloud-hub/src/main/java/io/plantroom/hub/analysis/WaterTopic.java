package io.plantroom.hub.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.plantroom.hub.analysis.WaterFlow.Finding;
import io.plantroom.hub.analysis.WaterFlow.Limits;
import io.plantroom.hub.http.ApiException;
import io.plantroom.hub.http.Call;
import io.plantroom.profile.LocalText;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Signs of leaks in the water registers of a site. */
final class WaterTopic implements Topic<List<Finding>> {
  private static final List<String> WATER = List.of("cold-water", "hot-water");
  private static final int USUAL_HOURS = 24;

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

  @Override
  public Question.Days days() {
    return new Question.Days(14, 62);
  }

  @Override
  public List<Finding> find(Question question) {
    Limits limits = limits(question.call());
    List<Register> registers =
        Register.of(question.handle(), question.place().id(), WATER, question.equipment()).stream()
            .filter(Register::counts)
            .toList();
    ZoneId zone = question.place().zone();
    List<Instant> bounds = WaterFlow.bounds(question.period(), limits, zone, question.now());
    Map<Integer, Curve> curves =
        Curves.read(
            question.handle(),
            registers.stream().map(Register::counter).toList(),
            bounds,
            question.now());
    return registers.stream()
        .map(
            r ->
                WaterFlow.of(
                    r,
                    Objects.requireNonNull(curves.get(r.counter().pointId())),
                    bounds,
                    question.period(),
                    limits,
                    zone))
        .toList();
  }

  @Override
  public Object tell(Question question, List<Finding> findings) {
    Limits limits = limits(question.call());
    return new Answer(
        question.place().id(),
        question.place().zone().getId(),
        question.period().from(),
        question.period().to(),
        limits.start().toString(),
        limits.end().toString(),
        limits.hours(),
        findings.stream().map(WaterTopic::view).toList());
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

  private static RowView view(Finding f) {
    Register r = f.register();
    return new RowView(
        String.valueOf(r.id()),
        String.valueOf(r.deviceId()),
        r.name(),
        r.medium(),
        r.unit(),
        r.obis(),
        Use.text(f.leastNight()),
        Use.text(f.average()),
        f.nightShare(),
        f.runningHours(),
        f.runningSince(),
        signs(f),
        f.nights().stream()
            .map(n -> new NightView(n.day(), Use.text(n.volume()), Use.text(n.least())))
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

  @Override
  public Report report(Question question, List<Finding> findings) {
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
        question.fileName("water-flow"),
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
