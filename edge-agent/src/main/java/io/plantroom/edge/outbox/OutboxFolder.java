package io.plantroom.edge.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/** The folder of an outbox: one process at a time, and its epoch. */
final class OutboxFolder implements AutoCloseable {
  private final Path folder;
  private final FileChannel lock;
  private final long epoch;

  OutboxFolder(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    lock =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked(lock)) {
      lock.close();
      throw new OutboxException("outbox " + folder + " is in use by another process");
    }
    epoch = readOrMakeEpoch();
  }

  long epoch() {
    return epoch;
  }

  Path resolve(String name) {
    return folder.resolve(name);
  }

  private static boolean locked(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** A new queue is a new epoch; so the number is made before the first record can be. */
  private long readOrMakeEpoch() throws IOException {
    Path file = folder.resolve("epoch");
    if (Files.exists(file)) {
      String text = Files.readString(file).trim();
      if (!text.matches("[1-9]\\d{0,18}")) {
        throw new OutboxException(file + ": expected a positive number, got \"" + text + "\"");
      }
      return Long.parseLong(text);
    }
    if (Files.exists(folder.resolve("queue"))) {
      throw new OutboxException(
          file + " is missing beside a queue; move the folder away to begin with a new one");
    }
    long made = (new SecureRandom().nextLong() >>> 1) | 1;
    Path fresh = folder.resolve("epoch.new");
    Files.writeString(fresh, Long.toString(made));
    force(fresh);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(folder);
    return made;
  }

  /** Puts a file, or the names in a folder, on the disk. */
  static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
