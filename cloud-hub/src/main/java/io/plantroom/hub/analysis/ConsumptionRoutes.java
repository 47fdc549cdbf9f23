package io.plantroom.hub.analysis;

import io.plantroom.hub.analysis.Consumption.By;
import io.plantroom.hub.analysis.Consumption.Question;
import io.plantroom.hub.analysis.Consumption.Table;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.profile.LocalText;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Consumption by hour, day or month. */
final class ConsumptionRoutes {
  private static final int USUAL_DAYS = 7;

  private final Database database;
  private final InstantSource clock;

  ConsumptionRoutes(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

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

  void addTo(Routes routes) {
    routes.on("consumption", this::consumption);
  }

  private Object consumption(Call call) {
    return database
        .jdbi()
        .inTransaction(
            h -> {
              Place place = Place.of(h, call);
              Instant now = clock.instant();
              Step step = Step.valueOf(word(call, "step", "day"));
              Period period = Period.of(call, now, place.zone(), USUAL_DAYS, step.mostDays());
              Question question =
                  new Question(
                      period,
                      step,
                      By.valueOf(word(call, "by", "medium")),
                      media(call),
                      equipment(call),
                      "band".equals(call.query("split")));
              Table table = Consumption.of(h, place, question, now);
              return Report.asked(call)
                  ? Report.answer(call, ConsumptionReport.of(place, question, table))
                  : answer(place, question, table);
            });
  }

  private static Answer answer(Place place, Question question, Table table) {
    return new Answer(
        place.id(),
        place.zone().getId(),
        question.period().from(),
        question.period().to(),
        question.step().key(),
        table.buckets(),
        table.rows().stream().map(ConsumptionRoutes::row).toList());
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

  static List<String> media(Call call) {
    String medium = call.query("medium");
    return medium == null ? List.of() : List.of(medium);
  }

  static @Nullable Integer equipment(Call call) {
    String id = call.query("equipment");
    return id == null ? null : Integer.valueOf(id);
  }

  private static String word(Call call, String name, String usual) {
    String asked = call.query(name);
    return (asked == null ? usual : asked).toUpperCase(Locale.ROOT);
  }
}
