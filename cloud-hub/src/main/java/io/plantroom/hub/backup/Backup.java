package io.plantroom.hub.backup;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.database.Database;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Writes all data of a hub to one file, as of one instant, while the hub goes on working. Samples
 * and the watermarks that claim them are therefore of the same instant too.
 */
public final class Backup {
  private final DatabaseConfig database;
  private final String hub;
  private final Consumer<String> progress;

  /**
   * A backup to be made.
   *
   * @param hub version of this program
   * @param progress is told a line for each table
   */
  public Backup(DatabaseConfig database, String hub, Consumer<String> progress) {
    this.database = database;
    this.hub = hub;
    this.progress = progress;
  }

  /**
   * Writes the file, readable by its owner only. It appears under its name when it is whole and on
   * the disk.
   *
   * @return how many rows are in it
   */
  public long write(Path file) throws IOException, SQLException, BackupException {
    if (Files.exists(file)) {
      throw new BackupException(file + " exists already; a backup never replaces another");
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.deleteIfExists(part);
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      long rows;
      try (OutputStream out =
          new BufferedOutputStream(Files.newOutputStream(part, StandardOpenOption.WRITE))) {
        rows = write(out);
      }
      force(part);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      force(Objects.requireNonNull(file.toAbsolutePath().getParent()));
      return rows;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private long write(OutputStream out) throws IOException, SQLException, BackupException {
    try (Connection connection = Database.connect(database);
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
      zip.setLevel(Deflater.BEST_SPEED);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      CopyText.settle(connection);
      if (!Catalog.exists(connection, "flyway_schema_history")) {
        throw new BackupException("there is no hub's data in this database");
      }
      Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      List<Manifest.Table> tables = new ArrayList<>();
      for (Map.Entry<String, List<String>> t : Catalog.tables(connection).entrySet()) {
        tables.add(table(connection, zip, t.getKey(), t.getValue()));
      }
      Manifest manifest =
          new Manifest(
              Manifest.FORMAT,
              hub,
              Catalog.schema(connection),
              Database.level(connection).key(),
              at,
              tables,
              // After the tables: a number is never below that of a row.
              Catalog.sequences(connection));
      zip.putNextEntry(new ZipEntry(Manifest.ENTRY));
      zip.write(manifest.toBytes());
      zip.closeEntry();
      connection.rollback();
      return manifest.rows();
    }
  }

  private Manifest.Table table(
      Connection connection, ZipOutputStream zip, String name, List<String> columns)
      throws IOException, SQLException {
    zip.putNextEntry(new ZipEntry("tables/" + name + ".copy"));
    RowSum sum = new RowSum();
    // Fine rollups lie in partitions of a month.
    boolean monthly = name.equals("rollup_1m") || name.equals("rollup_15m");
    int time = columns.indexOf(monthly ? "bucket" : "ts");
    Set<String> days = new TreeSet<>();
    String lastDay = "";
    CopyOut copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut(CopyText.out(name, columns));
    for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
      zip.write(row);
      sum.add(row, 0, row.length);
      if (time >= 0) {
        String at = dayOf(row, time);
        String day = monthly ? at.substring(0, 8) + "01" : at;
        if (!day.equals(lastDay)) {
          days.add(day);
          lastDay = day;
        }
      }
    }
    zip.closeEntry();
    progress.accept(name + ": " + sum.rows() + " rows");
    return new Manifest.Table(
        name, columns, days.stream().map(LocalDate::parse).toList(), sum.rows(), sum.checksum());
  }

  /** The first ten characters of a column: {@code 2026-11-22 08:15:00+00} begins with its day. */
  private static String dayOf(byte[] row, int column) {
    int at = 0;
    for (int i = 0; i < column; at++) {
      if (row[at] == '\t') {
        i++;
      }
    }
    return new String(row, at, 10, StandardCharsets.US_ASCII);
  }
}
