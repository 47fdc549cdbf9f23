package io.plantroom.hub.analysis;

import io.plantroom.hub.http.Call;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What everything that is asked of the analysis has in common: a site that the caller may see, days
 * of it, and a step.
 *
 * @param handle one transaction for all of the answer
 * @param now one instant for all of it
 */
record Question(Handle handle, Call call, Place place, Period period, Step step, Instant now) {

  /**
   * Which days are meant.
   *
   * @param usual how many days up to today, when none are said
   * @param most how many may be asked for; null for as many as the step allows
   */
  record Days(int usual, @Nullable Integer most) {}

  static Question of(Handle handle, Call call, Days days, Instant now) {
    Place place = Place.of(handle, call);
    Step step = Step.valueOf(word(call, "step", "day"));
    int most = days.most() == null ? step.mostDays() : days.most();
    Period period = Period.of(call, now, place.zone(), days.usual(), most);
    return new Question(handle, call, place, period, step, now);
  }

  /** The same of other days, by day. */
  Question daysOf(Period other) {
    return new Question(handle, call, place, other, Step.DAY, now);
  }

  Consumption.By by() {
    return Consumption.By.valueOf(word(call, "by", "medium"));
  }

  /** The only medium that is asked about, or nothing for all. */
  List<String> media() {
    String medium = call.query("medium");
    return medium == null ? List.of() : List.of(medium);
  }

  /** The only equipment that is asked about, or null for all. */
  @Nullable Integer equipment() {
    String id = call.query("equipment");
    return id == null ? null : Integer.valueOf(id);
  }

  /** The bounds of all buckets; one more than there are buckets. */
  List<Instant> bounds() {
    return step.bounds(period.from(), period.until(), place.zone());
  }

  /** Of a file with the answer, without ending. */
  String fileName(String topic) {
    return topic + "-" + place.id() + "-" + period;
  }

  private static String word(Call call, String name, String usual) {
    String asked = call.query(name);
    return (asked == null ? usual : asked).toUpperCase(Locale.ROOT);
  }
}
