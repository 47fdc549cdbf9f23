package io.plantroom.deploy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system in a file whose power can be cut: what was not forced to it is gone, as on a real
 * disk. Needs root, for it mounts.
 */
final class CuttableDisk implements AutoCloseable {
  private static final long BYTES = 600L << 20;

  private final Path image;
  private final Path mount;

  private CuttableDisk(Path image, Path mount) {
    this.image = image;
    this.mount = mount;
  }

  static CuttableDisk mount(Path image, Path mount) throws IOException, InterruptedException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(BYTES);
    }
    Files.createDirectories(mount);
    run("mkfs.xfs", "-q", image.toString());
    CuttableDisk disk = new CuttableDisk(image, mount);
    disk.attach();
    return disk;
  }

  /** From here on nothing reaches the disk any more, not even the file system's own journal. */
  void cut() throws IOException, InterruptedException {
    run("xfs_io", "-x", "-c", "shutdown", mount.toString());
  }

  /** What a person finds when the power is back; all users of the disk must have ended. */
  void powerOn() throws IOException, InterruptedException {
    run("umount", mount.toString());
    attach();
  }

  private void attach() throws IOException, InterruptedException {
    run("mount", "-o", "loop", image.toString(), mount.toString());
  }

  @Override
  public void close() throws IOException {
    try {
      run("umount", mount.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }
}
