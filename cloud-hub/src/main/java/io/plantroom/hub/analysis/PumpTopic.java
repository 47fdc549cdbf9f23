package io.plantroom.hub.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.plantroom.hub.analysis.Pumps.Measured;
import io.plantroom.hub.analysis.Pumps.Row;
import io.plantroom.profile.LocalText;
import io.plantroom.profile.ProfileCatalog;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Energy, volume and use of the pump groups of a site. */
final class PumpTopic implements Topic<List<Row>> {
  private final ProfileCatalog profiles;

  PumpTopic(ProfileCatalog profiles) {
    this.profiles = profiles;
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

  @Override
  public Question.Days days() {
    return new Question.Days(7, null);
  }

  @Override
  public List<Row> find(Question question) {
    return Pumps.of(
        question.handle(),
        SitePoint.of(question.handle(), question.place(), profiles),
        SettingsStore.of(question.handle(), question.place()).pumpGroups(),
        question.bounds(),
        question.now());
  }

  @Override
  public Object tell(Question question, List<Row> rows) {
    return new Answer(
        question.place().id(),
        question.place().zone().getId(),
        question.period().from(),
        question.period().to(),
        question.step().key(),
        buckets(question),
        rows.stream().map(PumpTopic::view).toList());
  }

  private static List<Instant> buckets(Question question) {
    List<Instant> bounds = question.bounds();
    return bounds.subList(0, bounds.size() - 1);
  }

  private static RowView view(Row row) {
    return new RowView(
        row.group().key(),
        row.group().name(),
        view(row.total()),
        row.values().stream().map(PumpTopic::view).toList(),
        Use.text(row.before()),
        row.percent(),
        row.drifted());
  }

  private static MeasuredView view(Measured m) {
    return new MeasuredView(
        UseView.of(m.energy()),
        UseView.of(m.volume()),
        Use.text(m.specific()),
        m.run().value(),
        Math.round(m.run().running() / 36_000.0) / 100.0,
        m.load());
  }

  @Override
  public Report report(Question question, List<Row> rows) {
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
    List<Instant> buckets = buckets(question);
    String whole = question.period().from() + " – " + question.period().to();
    List<List<@Nullable Object>> values = new ArrayList<>();
    List<List<@Nullable Object>> totals = new ArrayList<>();
    for (Row row : rows) {
      for (int i = 0; i < buckets.size(); i++) {
        String time = ConsumptionReport.label(question, buckets.get(i));
        values.add(cells(time, row.group().name(), row.values().get(i)));
      }
      totals.add(cells(whole, row.group().name(), row.total()));
    }
    return new Report(
        question.fileName("pumps"),
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
