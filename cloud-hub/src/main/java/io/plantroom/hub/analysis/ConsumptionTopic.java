package io.plantroom.hub.analysis;

import io.plantroom.hub.analysis.Consumption.Table;
import io.plantroom.profile.LocalText;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Consumption by hour, day or month. */
final class ConsumptionTopic implements Topic<Table> {
  record Row(
      String id,
      LocalText name,
      String medium,
      String unit,
      @Nullable String obis,
      @Nullable String band,
      UseView total,
      List<UseView> values) {}

  record Answer(
      String siteId,
      String timeZone,
      LocalDate from,
      LocalDate to,
      String step,
      List<Instant> buckets,
      List<Row> rows) {}

  @Override
  public Question.Days days() {
    return new Question.Days(7, null);
  }

  @Override
  public Table find(Question question) {
    return Consumption.of(question, "band".equals(question.call().query("split")));
  }

  @Override
  public Object tell(Question question, Table table) {
    return new Answer(
        question.place().id(),
        question.place().zone().getId(),
        question.period().from(),
        question.period().to(),
        question.step().key(),
        table.buckets(),
        table.rows().stream().map(ConsumptionTopic::row).toList());
  }

  @Override
  public Report report(Question question, Table table) {
    return ConsumptionReport.of(question, table);
  }

  private static Row row(Consumption.Row row) {
    Consumption.Key key = row.key();
    return new Row(
        key.id(),
        key.name(),
        key.medium(),
        key.unit(),
        key.obis(),
        key.band(),
        UseView.of(row.total()),
        row.uses().stream().map(UseView::of).toList());
  }
}
