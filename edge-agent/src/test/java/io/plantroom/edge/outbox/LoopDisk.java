package io.plantroom.edge.outbox;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A small file system in a file, that can be filled, cut off and mounted again. Needs root. */
final class LoopDisk implements AutoCloseable {
  private final Path image;
  private final Path mount;
  private boolean mounted;

  private LoopDisk(Path image, Path mount) {
    this.image = image;
    this.mount = mount;
  }

  /**
   * Makes and mounts one.
   *
   * <p>Skips the test with the reason where that is not possible; on CI it fails instead, so that
   * it is never left out unseen.
   */
  static LoopDisk make(Path folder, String type, int megabytes) throws IOException {
    Path image = folder.resolve("disk.img");
    LoopDisk disk = new LoopDisk(image, Files.createDirectories(folder.resolve("disk")));
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength((long) megabytes << 20);
    }
    try {
      List<String> command = new ArrayList<>(List.of("mkfs." + type, "-q"));
      if (type.equals("ext4")) {
        // Without blocks that only root may use: this test is root, the agent is not.
        command.addAll(List.of("-m", "0"));
      }
      command.add(image.toString());
      run("xfs_io", "-V");
      run(command.toArray(String[]::new));
      disk.mount();
    } catch (IOException e) {
      if ("true".equals(System.getenv("CI"))) {
        throw e;
      }
      String reason = "needs root, loop devices, xfs_io and mkfs." + type + ": " + e.getMessage();
      System.out.println("SKIPPED: " + reason);
      Assumptions.abort(reason);
    }
    return disk;
  }

  Path path() {
    return mount;
  }

  void mount() throws IOException {
    run("mount", "-o", "loop", image.toString(), mount.toString());
    mounted = true;
  }

  /** What was not forced is gone, as when the power goes. */
  void cut() throws IOException {
    run("xfs_io", "-x", "-c", "shutdown", mount.toString());
  }

  void unmount() throws IOException {
    // A process that was just killed may hold it a moment longer.
    await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .until(
            () -> {
              run("umount", mount.toString());
              return true;
            });
    mounted = false;
  }

  static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(List.of(command) + ": " + said.trim());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (mounted) {
      run("umount", "-l", mount.toString());
    }
    Files.deleteIfExists(image);
  }
}
