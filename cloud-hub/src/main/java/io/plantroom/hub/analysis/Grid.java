package io.plantroom.hub.analysis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A period cut into buckets, and these into tariff bands when there are any.
 *
 * @param bounds where anything begins or ends, in order
 * @param buckets where buckets begin
 */
record Grid(List<Instant> bounds, List<Cell> cells, List<Instant> buckets) {

  /** What lies between two bounds, by their numbers. */
  record Cell(int first, int last, int bucket, @Nullable String band) {}

  static Grid of(List<Instant> bucketBounds) {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i + 1 < bucketBounds.size(); i++) {
      cells.add(new Cell(i, i + 1, i, null));
    }
    return new Grid(bucketBounds, cells, bucketBounds.subList(0, bucketBounds.size() - 1));
  }

  /**
   * Cut further into bands.
   *
   * @param bands from when on which band holds; begins no later than the first bound
   */
  static Grid of(List<Instant> bucketBounds, NavigableMap<Instant, String> bands) {
    Instant end = bucketBounds.get(bucketBounds.size() - 1);
    TreeSet<Instant> all = new TreeSet<>(bucketBounds);
    all.addAll(bands.subMap(bucketBounds.get(0), true, end, false).keySet());
    List<Instant> bounds = List.copyOf(all);
    List<Cell> cells = new ArrayList<>();
    int bucket = 0;
    for (int i = 0; i + 1 < bounds.size(); i++) {
      while (!bucketBounds.get(bucket + 1).isAfter(bounds.get(i))) {
        bucket++;
      }
      String band = Objects.requireNonNull(bands.floorEntry(bounds.get(i))).getValue();
      cells.add(new Cell(i, i + 1, bucket, band));
    }
    return new Grid(bounds, cells, bucketBounds.subList(0, bucketBounds.size() - 1));
  }
}
