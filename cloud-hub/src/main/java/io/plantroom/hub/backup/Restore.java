package io.plantroom.hub.backup;

import io.plantroom.hub.access.Audit;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.database.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;

/**
 * Puts a backup into an empty database of any level: all of it, or nothing. At the end every table
 * is read again from the database and held against the backup.
 */
public final class Restore {
  /**
   * Numbers go on this far above the backup, because those right above it were given to something
   * else after it was made.
   */
  static final long SKIPPED_NUMBERS = 100_000;

  private final Path file;
  private final Consumer<String> progress;

  /**
   * A restore to be made.
   *
   * @param progress is told a line for each table
   */
  public Restore(Path file, Consumer<String> progress) {
    this.file = file;
    this.progress = progress;
  }

  /**
   * Reads the whole file and compares it with its list of contents, without a database.
   *
   * @return how many rows are in it
   */
  public long check() throws IOException, SQLException, BackupException {
    try (BackupFile backup = new BackupFile(file)) {
      for (Manifest.Table table : backup.contents().tables()) {
        backup.read(table, (bytes, length) -> {});
        progress.accept(table.name() + ": " + table.rows() + " rows");
      }
      return backup.contents().rows();
    }
  }

  /**
   * Restores, and brings the tables to the version of this hub.
   *
   * @return how many rows were restored
   * @throws BackupException when the file is damaged or newer than this hub, or the database is not
   *     empty; the database is then as it was, but for empty tables
   */
  public long into(DatabaseConfig target) throws IOException, SQLException, BackupException {
    check();
    try (BackupFile backup = new BackupFile(file)) {
      Manifest manifest = backup.contents();
      try (Database made = tables(target, manifest);
          Connection connection = made.connect()) {
        if (!Catalog.schema(connection).equals(manifest.schema())) {
          throw new BackupException(
              "the tables there have version "
                  + Catalog.schema(connection)
                  + ", the backup has "
                  + manifest.schema()
                  + "; give a new, empty database and a hub at least as new as the backup");
        }
        connection.setAutoCommit(false);
        CopyText.settle(connection);
        load(connection, backup);
        connection.commit();
      }
      try (Database newest = Database.open(target)) {
        newest
            .jdbi()
            .useTransaction(
                h -> {
                  h.createUpdate(
                          """
                          INSERT INTO restored (backup_at, backup_hub, reading_floor)
                          SELECT :at, :hub, coalesce(max(id), 0) + :skipped FROM reading""")
                      .bind("at", manifest.at().atOffset(ZoneOffset.UTC))
                      .bind("hub", manifest.hub())
                      .bind("skipped", SKIPPED_NUMBERS)
                      .execute();
                  Audit.add(
                      h,
                      "system",
                      "database.restore",
                      file.getFileName().toString(),
                      "backup of " + manifest.at() + ", " + manifest.rows() + " rows",
                      "");
                });
      }
      return manifest.rows();
    }
  }

  private static Database tables(DatabaseConfig target, Manifest manifest) throws BackupException {
    try {
      return Database.openAt(target, manifest.schema());
    } catch (FlywayException e) {
      throw new BackupException(
          "the tables of the backup have version "
              + manifest.schema()
              + " (hub "
              + manifest.hub()
              + "), which this hub cannot make: "
              + e.getMessage());
    }
  }

  private void load(Connection connection, BackupFile backup)
      throws IOException, SQLException, BackupException {
    Manifest manifest = backup.contents();
    Map<String, List<String>> present = Catalog.tables(connection);
    for (String table : present.keySet()) {
      mustBeEmpty(connection, table);
    }
    partitions(connection, manifest);
    CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
    for (Manifest.Table table : manifest.tables()) {
      if (!present.containsKey(table.name())) {
        throw new BackupException("there is no table " + table.name() + " in these tables");
      }
      CopyIn in = copies.copyIn(CopyText.in(table.name(), table.columns()));
      try {
        backup.read(table, (bytes, length) -> in.writeToCopy(bytes, 0, length));
        in.endCopy();
      } finally {
        if (in.isActive()) {
          in.cancelCopy();
        }
      }
      CopyOut out = copies.copyOut(CopyText.out(table.name(), table.columns()));
      RowSum sum = new RowSum();
      for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
        sum.add(row, 0, row.length);
      }
      BackupFile.check("in the database ", table, sum);
      progress.accept(table.name() + ": " + table.rows() + " rows, the same in the database");
    }
    sequences(connection, manifest);
  }

  private static void mustBeEmpty(Connection connection, String table)
      throws SQLException, BackupException {
    try (Statement s = connection.createStatement();
        ResultSet rs =
            s.executeQuery("SELECT EXISTS (SELECT 1 FROM " + CopyText.quoted(table) + ")")) {
      if (rs.next() && rs.getBoolean(1)) {
        throw new BackupException(
            "the database is not empty: there are rows in " + table + "; nothing was changed");
      }
    }
  }

  private static void partitions(Connection connection, Manifest manifest) throws SQLException {
    TreeSet<LocalDate> days = new TreeSet<>();
    manifest.tables().forEach(t -> days.addAll(t.days()));
    try (PreparedStatement s = connection.prepareStatement("SELECT ensure_partition(?)")) {
      for (LocalDate day : days) {
        s.setObject(1, day);
        s.execute();
      }
    }
  }

  private static void sequences(Connection connection, Manifest manifest) throws SQLException {
    List<String> names = new ArrayList<>(manifest.sequences().keySet());
    try (PreparedStatement s =
        connection.prepareStatement("SELECT setval(CAST(? AS regclass), ?)")) {
      for (String name : names) {
        s.setString(1, CopyText.quoted(name));
        s.setLong(2, manifest.sequences().getOrDefault(name, 0L) + SKIPPED_NUMBERS);
        s.execute();
      }
    }
  }
}
