package io.plantroom.hub.telemetry;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Notes, in the transaction that stores samples, which minutes of which hour of which points have
 * changed, so that the rollups of just these are made anew: one row per site and hour, however many
 * samples it is about. Whether they are late makes no difference.
 */
final class ChangeMarks {
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final String WRITE =
      """
      COPY rollup_mark (hour, site_id, states, low, high, points) FROM STDIN (FORMAT binary)""";
  private static final int PAGE = 1024;

  private record Key(String site, long hour, boolean states) {}

  private static final class Change {
    private final Key key;

    /** In pages, because the ids of a site's points may lie far apart. */
    private final Map<Integer, BitSet> points = new TreeMap<>();

    private int page = -1;
    private BitSet ofPage = new BitSet();
    private int low = 59;
    private int high;

    private Change(Key key) {
      this.key = key;
    }

    private void add(StoredSample s, long millis) {
      int minute = (int) (Math.floorMod(millis, HOUR) / MINUTE);
      low = Math.min(low, minute);
      high = Math.max(high, minute);
      int id = s.point().id();
      if (id / PAGE != page) {
        page = id / PAGE;
        ofPage = points.computeIfAbsent(page, p -> new BitSet(PAGE));
      }
      ofPage.set(id % PAGE);
    }

    private int[] ids() {
      return points.entrySet().stream()
          .flatMapToInt(e -> e.getValue().stream().map(i -> e.getKey() * PAGE + i))
          .toArray();
    }
  }

  private ChangeMarks() {}

  /** Notes all samples but those of registers, which have no rollups. */
  static void write(Handle handle, Map<SampleTable, List<StoredSample>> stored)
      throws SQLException {
    List<Change> changes = new ArrayList<>();
    stored.forEach(
        (table, samples) -> {
          if (table != SampleTable.REGISTERS) {
            changes.addAll(changes(samples, table == SampleTable.STATES));
          }
        });
    if (changes.isEmpty()) {
      return;
    }
    CopyManager copy = handle.getConnection().unwrap(PGConnection.class).getCopyAPI();
    try (CopyRows rows = new CopyRows(copy, WRITE)) {
      for (Change c : changes) {
        rows.row(6)
            .timestamp(Instant.ofEpochMilli(c.key.hour * HOUR))
            .text(c.key.site)
            .bool(c.key.states)
            .int2(c.low)
            .int2(c.high)
            .ints(c.ids());
      }
      rows.finish();
    }
  }

  private static Collection<Change> changes(List<StoredSample> samples, boolean states) {
    Map<Key, Change> found = new HashMap<>();
    @Nullable Change last = null;
    for (StoredSample s : samples) {
      long millis = s.sample().at().toEpochMilli();
      long hour = Math.floorDiv(millis, HOUR);
      // Samples come in runs, so this is nearly always the one before.
      if (last == null || last.key.hour != hour || !last.key.site.equals(s.siteId())) {
        last = found.computeIfAbsent(new Key(s.siteId(), hour, states), Change::new);
      }
      last.add(s, millis);
    }
    return found.values();
  }
}
