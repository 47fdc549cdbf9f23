package io.plantroom.hub.analysis;

import io.plantroom.hub.http.ApiException;
import io.plantroom.profile.LocalText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What the registers of a site have counted, bucket by bucket. */
final class Consumption {
  /** Looks at samples that one question may cost. */
  private static final long MOST_BOUNDS = 400_000;

  private Consumption() {}

  /** What is added up to one row. */
  enum By {
    REGISTER,
    EQUIPMENT,
    MEDIUM
  }

  /**
   * What to add up.
   *
   * @param bands whether to tell tariff bands apart
   */
  record Question(
      Period period,
      Step step,
      By by,
      List<String> media,
      @Nullable Integer equipment,
      boolean bands) {}

  /** What one row is about. */
  record Key(
      String id,
      LocalText name,
      String medium,
      String unit,
      @Nullable String obis,
      @Nullable String band) {

    private Key in(@Nullable String other) {
      return new Key(id, name, medium, unit, obis, other);
    }
  }

  /** A row of buckets and their whole. */
  record Row(Key key, Use total, List<Use> uses) {}

  record Table(List<Instant> buckets, List<Row> rows) {}

  static Table of(Handle handle, Place place, Question question, Instant now) {
    List<Register> registers = registers(handle, place, question);
    List<Instant> bounds =
        question.step().bounds(question.period().from(), question.period().until(), place.zone());
    Map<Key, Use[]> rows = new LinkedHashMap<>();
    Map<String, List<Register>> byMedium = new LinkedHashMap<>();
    registers.forEach(r -> byMedium.computeIfAbsent(r.medium(), m -> new ArrayList<>()).add(r));
    byMedium.forEach(
        (medium, mine) -> {
          Grid grid = grid(handle, place, question, medium, bounds);
          fill(handle, question, mine, grid, now, rows);
        });
    List<Row> table = new ArrayList<>();
    rows.forEach(
        (key, uses) -> {
          Use total = Arrays.stream(uses).reduce(Use.NONE, Use::plus);
          if (total.amount() != null) {
            table.add(new Row(key, total, List.of(uses)));
          }
        });
    return new Table(bounds.subList(0, bounds.size() - 1), table);
  }

  private static List<Register> registers(Handle handle, Place place, Question question) {
    List<Register> all = Register.of(handle, place.id(), question.media(), question.equipment());
    if (question.by() == By.REGISTER) {
      return all;
    }
    List<String> behind =
        question.by() == By.MEDIUM && question.equipment() == null
            ? SettingsStore.of(handle, place).subMeters()
            : List.of();
    return all.stream()
        .filter(r -> r.counts() && !behind.contains(String.valueOf(r.deviceId())))
        .toList();
  }

  private static Grid grid(
      Handle handle, Place place, Question question, String medium, List<Instant> bounds) {
    return question.bands()
        ? Grid.of(
            bounds,
            TariffPlan.bands(
                Tariffs.of(handle, place.id(), medium), question.period(), place.zone()))
        : Grid.of(bounds);
  }

  private static void fill(
      Handle handle,
      Question question,
      List<Register> registers,
      Grid grid,
      Instant now,
      Map<Key, Use[]> rows) {
    if ((long) registers.size() * grid.bounds().size() > MOST_BOUNDS) {
      throw ApiException.badRequest(
          "step",
          "表计过多，请缩短时间、改用更粗的粒度或只选一种介质",
          "too many meters for this step; take fewer days, a longer step, or one medium");
    }
    Map<Integer, Curve> curves =
        Curves.read(handle, registers.stream().map(Register::counter).toList(), grid.bounds(), now);
    for (Register register : registers) {
      Curve curve = Objects.requireNonNull(curves.get(register.counter().pointId()));
      Map<Key, Use[]> mine = new HashMap<>();
      boolean known = false;
      Key whole = key(question.by(), register);
      for (Grid.Cell cell : grid.cells()) {
        Use use = curve.use(cell.first(), cell.last());
        known |= use.amount() != null;
        Use[] uses = mine.computeIfAbsent(whole.in(cell.band()), k -> empty(grid));
        uses[cell.bucket()] = uses[cell.bucket()].plus(use);
      }
      // A meter that was not there yet, or not any more, is no gap of the others.
      if (known) {
        grid.cells().stream()
            .map(c -> whole.in(c.band()))
            .distinct()
            .forEach(k -> rows.merge(k, Objects.requireNonNull(mine.get(k)), Consumption::added));
      }
    }
  }

  private static Use[] empty(Grid grid) {
    Use[] uses = new Use[grid.buckets().size()];
    Arrays.fill(uses, Use.NONE);
    return uses;
  }

  private static Use[] added(Use[] a, Use[] b) {
    Use[] sum = new Use[a.length];
    Arrays.setAll(sum, i -> a[i].plus(b[i]));
    return sum;
  }

  private static Key key(By by, Register r) {
    return switch (by) {
      case REGISTER ->
          new Key(String.valueOf(r.id()), r.name(), r.medium(), r.unit(), r.obis(), null);
      case EQUIPMENT ->
          new Key(String.valueOf(r.deviceId()), r.name(), r.medium(), r.unit(), null, null);
      case MEDIUM ->
          new Key(r.medium(), Words.medium(r.medium()), r.medium(), r.unit(), null, null);
    };
  }
}
