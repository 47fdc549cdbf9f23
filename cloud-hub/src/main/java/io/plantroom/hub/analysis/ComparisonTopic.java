package io.plantroom.hub.analysis;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.plantroom.hub.analysis.Comparison.Baseline;
import io.plantroom.profile.LocalText;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Consumption beside what was used before. */
final class ComparisonTopic implements Topic<List<Comparison.Row>> {
  record Answer(String siteId, String timeZone, LocalDate from, LocalDate to, List<RowView> rows) {}

  record RowView(
      String id,
      LocalText name,
      String medium,
      String unit,
      @Nullable String obis,
      UseView total,
      Before weekdays,
      Before month,
      Before year,
      List<DayView> days) {}

  record DayView(LocalDate day, UseView use, Before weekdays, Before month, Before year) {}

  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Before(@Nullable String amount, int days, @Nullable BigDecimal percent) {
    private static Before of(Baseline b) {
      BigDecimal amount = b.amount();
      return new Before(amount == null ? null : Use.plain(amount), b.days(), b.percent());
    }
  }

  @Override
  public Question.Days days() {
    return new Question.Days(7, 92);
  }

  @Override
  public List<Comparison.Row> find(Question question) {
    return Comparison.of(question);
  }

  @Override
  public Object tell(Question question, List<Comparison.Row> rows) {
    return new Answer(
        question.place().id(),
        question.place().zone().getId(),
        question.period().from(),
        question.period().to(),
        rows.stream().map(ComparisonTopic::view).toList());
  }

  private static RowView view(Comparison.Row row) {
    Consumption.Key key = row.key();
    return new RowView(
        key.id(),
        key.name(),
        key.medium(),
        key.unit(),
        key.obis(),
        UseView.of(row.total()),
        Before.of(row.weekdays()),
        Before.of(row.month()),
        Before.of(row.year()),
        row.days().stream()
            .map(
                d ->
                    new DayView(
                        d.day(),
                        UseView.of(d.use()),
                        Before.of(d.weekdays()),
                        Before.of(d.month()),
                        Before.of(d.year())))
            .toList());
  }

  @Override
  public Report report(Question question, List<Comparison.Row> rows) {
    List<LocalText> head =
        List.of(
            new LocalText("日期", "Day"),
            new LocalText("名称", "Name"),
            new LocalText("介质", "Medium"),
            new LocalText("单位", "Unit"),
            new LocalText("用量", "Consumption"),
            new LocalText("已知时间占比", "Share of time known"),
            new LocalText("近四周同星期均值", "Average of same weekdays"),
            new LocalText("偏差 %", "Difference %"),
            new LocalText("上月同期", "A month before"),
            new LocalText("环比 %", "Change on month %"),
            new LocalText("去年同期", "A year before"),
            new LocalText("同比 %", "Change on year %"));
    List<List<@Nullable Object>> days = new ArrayList<>();
    List<List<@Nullable Object>> totals = new ArrayList<>();
    for (Comparison.Row row : rows) {
      for (Comparison.Day d : row.days()) {
        days.add(cells(d.day(), row.key(), d.use(), List.of(d.weekdays(), d.month(), d.year())));
      }
      String whole = question.period().from() + " – " + question.period().to();
      List<Baseline> before = List.of(row.weekdays(), row.month(), row.year());
      totals.add(cells(whole, row.key(), row.total(), before));
    }
    return new Report(
        question.fileName("comparison"),
        List.of(
            new Report.Sheet(new LocalText("逐日", "Days"), head, days),
            new Report.Sheet(new LocalText("合计", "Total"), head, totals)));
  }

  private static List<@Nullable Object> cells(
      Object day, Consumption.Key key, Use use, List<Baseline> baselines) {
    List<@Nullable Object> cells =
        new ArrayList<>(
            Arrays.asList(
                String.valueOf(day),
                key.name(),
                Words.medium(key.medium()),
                key.unit(),
                use.amount(),
                use.coverage()));
    for (Baseline b : baselines) {
      cells.add(b.amount());
      cells.add(b.percent());
    }
    return cells;
  }
}
