package io.plantroom.hub.series;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.plantroom.hub.database.Reads;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.profile.LocalText;
import io.plantroom.profile.ProfileCatalog;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Points over time, in steps that the database makes: a chart never gets a million rows. */
public final class SeriesRoutes {
  private static final int BUCKETS = 300;

  private final Reads reads;
  private final Asked asked;

  public SeriesRoutes(Reads reads, ProfileCatalog profiles, InstantSource clock) {
    this.reads = reads;
    this.asked = new Asked(profiles, clock);
  }

  record Series(
      String pointId,
      @Nullable String unit,
      Instant from,
      Instant to,
      long bucketSeconds,
      String source,
      int silenceSeconds,
      List<Bucket> rows) {}

  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Bucket(
      Instant at,
      @Nullable Double min,
      @Nullable Double max,
      @Nullable Double avg,
      @Nullable Double last,
      long count,
      long bad) {}

  /** Several points on the same steps; null where a point has nothing good. */
  record Aligned(
      String siteId,
      String timeZone,
      Instant from,
      Instant to,
      long stepSeconds,
      String source,
      List<Instant> at,
      List<AlignedPoint> points) {}

  record AlignedPoint(
      String pointId,
      String equipmentId,
      LocalText equipmentName,
      LocalText title,
      @Nullable String unit,
      String kind,
      int silenceSeconds,
      List<@Nullable Double> min,
      List<@Nullable Double> max,
      List<@Nullable Double> avg,
      List<@Nullable Double> last,
      List<Long> bad) {}

  public void addTo(Routes routes) {
    routes.on("series", this::series).on("siteSeries", this::aligned);
  }

  private Series series(Call call) {
    return reads.withHandle(
        h -> {
          SeriesPoint point = asked.point(h, call);
          Asked.Time time = asked.time(call);
          Grid grid = grid(h, call, time, List.of(point), ZoneId.of(point.zone()));
          Column column = column(SeriesReader.read(h, grid, List.of(point)), point);
          return new Series(
              String.valueOf(point.id()),
              point.unit(),
              time.from(),
              time.to(),
              grid.step(),
              source(grid, List.of(point)),
              point.silenceSeconds(),
              IntStream.range(0, grid.size())
                  .filter(i -> !column.empty(i))
                  .mapToObj(i -> bucket(grid, column, i))
                  .toList());
        });
  }

  private Aligned aligned(Call call) {
    return reads.withHandle(
        h -> {
          Asked.Place site = asked.site(h, call);
          List<SeriesPoint> points = asked.points(h, call, site);
          Asked.Time time = asked.time(call);
          Grid grid = grid(h, call, time, points, site.zone());
          Map<Integer, Column> columns = SeriesReader.read(h, grid, points);
          return new Aligned(
              site.id(),
              site.zone().getId(),
              time.from(),
              time.to(),
              grid.step(),
              source(grid, points),
              points.isEmpty()
                  ? List.of()
                  : IntStream.range(0, grid.size()).mapToObj(grid::start).toList(),
              points.stream().map(p -> point(grid, p, column(columns, p))).toList());
        });
  }

  /** What was asked for, made coarser where it would be too much or is no longer kept. */
  private static Grid grid(
      Handle handle, Call call, Asked.Time time, List<SeriesPoint> points, ZoneId zone) {
    String step = call.query("step");
    Grid grid =
        step == null
            ? Grid.fit(time.from(), time.to(), call.query("buckets", BUCKETS), zone)
            : Grid.of(time.from(), time.to(), Asked.step(step, Resolution.MINUTE), zone);
    Asked.check(grid, points.size());
    if (grid.source() == Resolution.RAW && Asked.manySamples(grid, points.size())) {
      grid = grid.coarser(Resolution.MINUTE);
    }
    Resolution kept = SeriesReader.kept(handle, grid.source(), grid.from(), points);
    return kept == grid.source() ? grid : grid.coarser(kept);
  }

  /** States and registers have no rollups. */
  private static String source(Grid grid, List<SeriesPoint> points) {
    boolean numbers = points.stream().anyMatch(p -> p.table().equals(Resolution.RAW.table()));
    return numbers ? grid.source().key() : Resolution.RAW.key();
  }

  private static Column column(Map<Integer, Column> columns, SeriesPoint point) {
    return Objects.requireNonNull(columns.get(point.id()));
  }

  private static Bucket bucket(Grid grid, Column c, int i) {
    return new Bucket(
        grid.start(i), c.min(i), c.max(i), c.average(i), c.last(i), c.count(i), c.bad(i));
  }

  private static AlignedPoint point(Grid grid, SeriesPoint p, Column c) {
    int size = grid.size();
    return new AlignedPoint(
        String.valueOf(p.id()),
        String.valueOf(p.deviceId()),
        p.equipment(),
        p.title(),
        p.unit(),
        p.kind().name().toLowerCase(java.util.Locale.ROOT),
        p.silenceSeconds(),
        each(size, c::min),
        each(size, c::max),
        each(size, c::average),
        each(size, c::last),
        IntStream.range(0, size).mapToObj(c::bad).toList());
  }

  private static List<@Nullable Double> each(int size, IntFunction<@Nullable Double> value) {
    List<@Nullable Double> all = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      all.add(value.apply(i));
    }
    return all;
  }
}
