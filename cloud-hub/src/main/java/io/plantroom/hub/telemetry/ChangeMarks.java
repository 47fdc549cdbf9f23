package io.plantroom.hub.telemetry;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

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
      INSERT INTO rollup_mark (hour, site_id, states, low, high, points)
      VALUES (to_timestamp(?), ?, ?, ?, ?, ?)""";

  private record Key(String site, long hour, boolean states) {}

  private static final class Change {
    private final Key key;
    private final BitSet points = new BitSet();
    private int low = 59;
    private int high;

    private Change(Key key) {
      this.key = key;
    }

    private void add(StoredSample s, long millis) {
      int minute = (int) (Math.floorMod(millis, HOUR) / MINUTE);
      low = Math.min(low, minute);
      high = Math.max(high, minute);
      points.set(s.point().id());
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
    try (PreparedStatement statement = handle.getConnection().prepareStatement(WRITE)) {
      for (Change c : changes) {
        statement.setLong(1, c.key.hour * (HOUR / 1000));
        statement.setString(2, c.key.site);
        statement.setBoolean(3, c.key.states);
        statement.setInt(4, c.low);
        statement.setInt(5, c.high);
        statement.setObject(6, c.points.stream().toArray());
        statement.addBatch();
      }
      statement.executeBatch();
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
