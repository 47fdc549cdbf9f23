package io.plantroom.hub.telemetry;

import io.plantroom.hub.database.Database;
import io.plantroom.telemetry.Sample;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes samples. Each one is in exactly one table afterwards, so that they can be counted: its
 * own, {@code sample_conflict} when the point already has another sample of that millisecond, or
 * {@code sample_suspect} when its time cannot be true. Thread-safe.
 */
public final class SampleStore {
  private static final Logger LOGGER = LoggerFactory.getLogger(SampleStore.class);
  private static final long EARLIEST = Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();
  private static final Duration AHEAD = Duration.ofHours(1);
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final int DAYS_MADE_AHEAD = 7;
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String CONFLICT =
      """
      INSERT INTO sample_conflict (ts, point_id, value, register, state, text_value,
                                   quality, cause, clock_trusted, epoch, seq)
      VALUES (:ts, :point, :value, :register, :state, :text,
              :quality, :cause, :trusted, :epoch, :seq)""";
  private static final String SUSPECT =
      """
      INSERT INTO sample_suspect (at_millis, point_id, value, register, state, text_value,
                                  quality, cause, clock_trusted, epoch, seq)
      VALUES (:millis, :point, :value, :register, :state, :text,
              :quality, :cause, :trusted, :epoch, :seq)""";

  private final Database database;
  private final InstantSource clock;
  private final Set<LocalDate> days = ConcurrentHashMap.newKeySet();
  private final FirstTimes firsts = new FirstTimes();

  public SampleStore(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Whether a time can be true. */
  public boolean plausible(Instant at) {
    return plausible(at.toEpochMilli(), latest());
  }

  private static boolean plausible(long millis, long latest) {
    return millis >= EARLIEST && millis < latest;
  }

  private long latest() {
    return clock.instant().plus(AHEAD).toEpochMilli();
  }

  /**
   * Makes the partitions for some samples and the coming week, in a transaction of its own, because
   * making one locks the whole table.
   */
  public void prepare(Collection<List<Sample>> frames) {
    Set<LocalDate> wanted = new TreeSet<>();
    long latest = latest();
    long last = Long.MIN_VALUE;
    for (List<Sample> samples : frames) {
      for (Sample s : samples) {
        long millis = s.at().toEpochMilli();
        long day = Math.floorDiv(millis, DAY);
        if (day != last && plausible(millis, latest)) {
          wanted.add(LocalDate.ofEpochDay(day));
          last = day;
        }
      }
    }
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    for (int i = 0; i <= DAYS_MADE_AHEAD; i++) {
      wanted.add(today.plusDays(i));
    }
    wanted.removeAll(days);
    if (!wanted.isEmpty()) {
      database
          .jdbi()
          .useTransaction(
              h -> {
                for (LocalDate day : wanted) {
                  h.createQuery("SELECT ensure_partition(:day)::text")
                      .bind("day", day)
                      .mapTo(String.class)
                      .list();
                }
              });
      days.addAll(wanted);
    }
  }

  /** Partitions are looked for again: one that was made may have been dropped since. */
  public void forgetPartitions() {
    days.clear();
  }

  /** Stores all within the caller's transaction; returns those that may become the latest. */
  public List<StoredSample> append(Handle handle, List<StoredSample> samples) throws SQLException {
    Map<SampleTable, List<StoredSample>> byTable = new EnumMap<>(SampleTable.class);
    List<StoredSample> suspect = new ArrayList<>();
    long latest = latest();
    for (StoredSample s : samples) {
      if (plausible(s.sample().at().toEpochMilli(), latest)) {
        byTable.computeIfAbsent(SampleTable.of(s), t -> new ArrayList<>()).add(s);
      } else {
        suspect.add(s);
      }
    }
    insert(handle, SUSPECT, suspect);
    ChangeMarks.write(handle, byTable);
    List<StoredSample> fresh = new ArrayList<>(samples.size());
    for (Map.Entry<SampleTable, List<StoredSample>> e : byTable.entrySet()) {
      fresh.addAll(append(handle, e.getKey(), e.getValue()));
    }
    firsts.write(handle, fresh);
    return fresh;
  }

  private static List<StoredSample> append(
      Handle handle, SampleTable table, List<StoredSample> samples) throws SQLException {
    CopyManager copy = handle.getConnection().unwrap(PGConnection.class).getCopyAPI();
    Savepoint before = handle.getConnection().setSavepoint();
    try {
      copy(copy, table, samples);
      handle.getConnection().releaseSavepoint(before);
      return samples;
    } catch (SQLException e) {
      if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      handle.getConnection().rollback(before);
      return appendOneByOne(handle, table, samples);
    }
  }

  private static void copy(CopyManager copy, SampleTable table, List<StoredSample> samples)
      throws SQLException {
    try (CopyRows rows = new CopyRows(copy, table.copy())) {
      for (StoredSample s : samples) {
        table.row(rows, s);
      }
      rows.finish();
    }
  }

  /** The rare way: some row stands already, so each is tried and the refused ones set aside. */
  private static List<StoredSample> appendOneByOne(
      Handle handle, SampleTable table, List<StoredSample> samples) {
    int[] stored = insert(handle, table.insert(), samples);
    List<StoredSample> fresh = new ArrayList<>();
    List<StoredSample> conflicts = new ArrayList<>();
    for (int i = 0; i < stored.length; i++) {
      (stored[i] == 0 ? conflicts : fresh).add(samples.get(i));
    }
    insert(handle, CONFLICT, conflicts);
    LOGGER
        .atWarn()
        .addKeyValue("table", table.tableName())
        .addKeyValue("samples", conflicts.size())
        .log("samples of a time that is already taken were set aside");
    return fresh;
  }

  private static int[] insert(Handle handle, String sql, List<StoredSample> samples) {
    if (samples.isEmpty()) {
      return new int[0];
    }
    PreparedBatch batch = handle.prepareBatch(sql);
    for (StoredSample s : samples) {
      SampleTable.bind(batch, s);
      if (!sql.equals(SUSPECT)) {
        batch.bind("ts", SampleTable.ts(s.sample()));
      }
      batch.add();
    }
    return batch.execute();
  }
}
