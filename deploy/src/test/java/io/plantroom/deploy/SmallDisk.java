package io.plantroom.deploy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file system in a file that is small enough to be filled to the last byte. Needs root, for it
 * mounts.
 */
final class SmallDisk implements AutoCloseable {
  private static final int BLOCK = 4096;

  private final Path mount;

  private SmallDisk(Path mount) {
    this.mount = mount;
  }

  static SmallDisk mount(Path image, Path mount, int megabytes)
      throws IOException, InterruptedException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength((long) megabytes << 20);
    }
    Files.createDirectories(mount);
    // Without blocks that only root may use: this test is root, an agent is not.
    CuttableDisk.run("mkfs.ext4", "-q", "-m", "0", image.toString());
    CuttableDisk.run("mount", "-o", "loop", image.toString(), mount.toString());
    return new SmallDisk(mount);
  }

  Path path() {
    return mount;
  }

  long usable() {
    return mount.toFile().getUsableSpace();
  }

  /** The other program that is always to blame takes what is left. */
  void fill() throws IOException, InterruptedException {
    try (FileChannel other =
        FileChannel.open(
            other(),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND)) {
      // All at once, lest it take what is freed meanwhile, and then what is left of that.
      CuttableDisk.run("fallocate", "-l", Long.toString(usable()), other().toString());
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      while (true) {
        other.write(block.rewind());
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw e;
      }
    }
  }

  /** And gives it back. */
  void free() throws IOException {
    Files.deleteIfExists(other());
  }

  private Path other() {
    return mount.resolve("other");
  }

  @Override
  public void close() throws IOException {
    try {
      CuttableDisk.run("umount", mount.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
