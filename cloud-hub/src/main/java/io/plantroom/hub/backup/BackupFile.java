package io.plantroom.hub.backup;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** A backup that is read. */
final class BackupFile implements AutoCloseable {
  private static final int MOST_MANIFEST = 16 << 20;

  private final Path path;
  private final ZipFile zip;
  private final Manifest manifest;

  /** Takes pieces of rows as they stand in the file. */
  interface Rows {
    void take(byte[] bytes, int length) throws SQLException;
  }

  BackupFile(Path path) throws IOException, BackupException {
    this.path = path;
    if (!Files.isRegularFile(path)) {
      throw new BackupException(path + " is not there");
    }
    zip = open(path);
    try {
      manifest = manifest();
    } catch (IOException | BackupException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private static ZipFile open(Path path) throws IOException, BackupException {
    try {
      return new ZipFile(path.toFile());
    } catch (ZipException e) {
      throw new BackupException(path + " is no whole backup: " + e.getMessage());
    }
  }

  private Manifest manifest() throws IOException, BackupException {
    ZipEntry entry = zip.getEntry(Manifest.ENTRY);
    if (entry == null) {
      throw new BackupException(path + " is no whole backup: it has no " + Manifest.ENTRY);
    }
    Manifest found;
    try (InputStream in = zip.getInputStream(entry)) {
      found = Manifest.of(in.readNBytes(MOST_MANIFEST));
    } catch (IOException e) {
      throw new BackupException(path + ": its list of contents is damaged: " + e.getMessage());
    }
    if (found.format() != Manifest.FORMAT) {
      throw new BackupException(
          path + " has format " + found.format() + "; this hub reads " + Manifest.FORMAT);
    }
    return found;
  }

  Manifest contents() {
    return manifest;
  }

  /** Hands out all rows of a table and holds them against the list of contents. */
  void read(Manifest.Table table, Rows rows) throws IOException, SQLException, BackupException {
    ZipEntry entry = zip.getEntry(table.entry());
    if (entry == null) {
      throw new BackupException(path + ": the table " + table.name() + " is missing");
    }
    RowSum sum = new RowSum();
    byte[] buffer = new byte[1 << 16];
    int held = 0;
    try (InputStream in = new BufferedInputStream(zip.getInputStream(entry), 1 << 16)) {
      for (int n = in.read(buffer); n > 0; n = in.read(buffer, held, buffer.length - held)) {
        int end = held + n;
        int done = 0;
        for (int i = held; i < end; i++) {
          if (buffer[i] == '\n') {
            sum.add(buffer, done, i + 1 - done);
            done = i + 1;
          }
        }
        rows.take(buffer, done);
        System.arraycopy(buffer, done, buffer, 0, end - done);
        held = end - done;
        if (held == buffer.length) {
          buffer = Arrays.copyOf(buffer, 2 * held);
        }
      }
    } catch (IOException e) {
      throw new BackupException(path + ": the table " + table.name() + " is damaged: " + e);
    }
    check(path + ": ", table, sum);
  }

  /** Says what differs. */
  static void check(String where, Manifest.Table table, RowSum sum) throws BackupException {
    if (sum.rows() != table.rows() || !sum.checksum().equals(table.checksum())) {
      throw new BackupException(
          where
              + "the table "
              + table.name()
              + " has "
              + sum.rows()
              + " rows with checksum "
              + sum.checksum()
              + "; the list of contents says "
              + table.rows()
              + " with "
              + table.checksum());
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
