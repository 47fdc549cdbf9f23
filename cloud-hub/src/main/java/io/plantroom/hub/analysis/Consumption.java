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
import java.util.Set;
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

  /**
   * Adds up.
   *
   * @param bands whether to tell tariff bands apart
   */
  static Table of(Question question, boolean bands) {
    List<Register> registers = registers(question);
    List<Instant> bounds = question.bounds();
    Map<Key, Use[]> rows = new LinkedHashMap<>();
    Map<String, List<Register>> byMedium = new LinkedHashMap<>();
    registers.forEach(r -> byMedium.computeIfAbsent(r.medium(), m -> new ArrayList<>()).add(r));
    byMedium.forEach(
        (medium, mine) -> {
          Grid grid = bands ? banded(question, medium, bounds) : Grid.of(bounds);
          fill(question, mine, grid, rows);
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

  private static List<Register> registers(Question question) {
    List<Register> all =
        Register.of(
            question.handle(), question.place().id(), question.media(), question.equipment());
    if (question.by() == By.REGISTER) {
      return all;
    }
    Set<String> leftOut =
        question.by() == By.MEDIUM && question.equipment() == null
            ? SettingsStore.of(question.handle(), question.place()).leftOut()
            : Set.of();
    return all.stream()
        .filter(r -> r.counts() && !leftOut.contains(String.valueOf(r.deviceId())))
        .toList();
  }

  private static Grid banded(Question question, String medium, List<Instant> bounds) {
    Place place = question.place();
    List<TariffPlan> plans = Tariffs.of(question.handle(), place.id(), medium);
    return Grid.of(bounds, TariffPlan.bands(plans, question.period(), place.zone()));
  }

  private static void fill(
      Question question, List<Register> registers, Grid grid, Map<Key, Use[]> rows) {
    if ((long) registers.size() * grid.bounds().size() > MOST_BOUNDS) {
      throw ApiException.badRequest(
          "step",
          "表计过多，请缩短时间、改用更粗的粒度或只选一种介质",
          "too many meters for this step; take fewer days, a longer step, or one medium");
    }
    Map<Integer, Curve> curves =
        Curves.read(
            question.handle(),
            registers.stream().map(Register::counter).toList(),
            grid.bounds(),
            question.now());
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
