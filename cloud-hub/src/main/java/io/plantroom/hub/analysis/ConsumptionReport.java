package io.plantroom.hub.analysis;

import io.plantroom.profile.LocalText;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Consumption as tables: every bucket, and the whole period. */
final class ConsumptionReport {
  private static final List<LocalText> WHAT =
      List.of(
          new LocalText("名称", "Name"),
          new LocalText("介质", "Medium"),
          new LocalText("表计编码", "OBIS"),
          new LocalText("电价时段", "Tariff band"),
          new LocalText("单位", "Unit"),
          new LocalText("用量", "Consumption"),
          new LocalText("已知时间占比", "Share of time known"),
          new LocalText("估算占比", "Share estimated"),
          new LocalText("清零或换表次数", "Resets"));

  private ConsumptionReport() {}

  static Report of(Question question, Consumption.Table table) {
    List<List<@Nullable Object>> buckets = new ArrayList<>();
    List<List<@Nullable Object>> totals = new ArrayList<>();
    for (Consumption.Row row : table.rows()) {
      totals.add(cells(row.key(), row.total()));
      for (int i = 0; i < table.buckets().size(); i++) {
        List<@Nullable Object> cells = new ArrayList<>();
        cells.add(label(question, table.buckets().get(i)));
        cells.addAll(cells(row.key(), row.uses().get(i)));
        buckets.add(cells);
      }
    }
    List<LocalText> head = new ArrayList<>(WHAT);
    head.add(0, new LocalText("时间", "Time"));
    return new Report(
        question.fileName("consumption"),
        List.of(
            new Report.Sheet(new LocalText("明细", "Detail"), head, buckets),
            new Report.Sheet(new LocalText("合计", "Total"), WHAT, totals)));
  }

  /** The time of a bucket as people of the site write it; hours with their offset. */
  static String label(Question question, Instant at) {
    ZonedDateTime local = at.atZone(question.place().zone());
    return switch (question.step()) {
      case HOUR -> local.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
      case DAY -> local.toLocalDate().toString();
      case MONTH -> local.toLocalDate().toString().substring(0, 7);
    };
  }

  private static List<@Nullable Object> cells(Consumption.Key key, Use use) {
    return Arrays.asList(
        key.name(),
        Words.medium(key.medium()),
        key.obis(),
        key.band() == null ? null : Words.band(key.band()),
        key.unit(),
        use.amount(),
        use.coverage(),
        use.estimatedShare(),
        use.resets());
  }
}
