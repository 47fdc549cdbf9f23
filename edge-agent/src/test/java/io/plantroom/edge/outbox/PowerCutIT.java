package io.plantroom.edge.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The power goes while a process appends: a real file system is shut down without writing anything
 * back, the process is killed, and the file system is mounted again.
 */
@Tag("faults")
class PowerCutIT {
  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  /**
   * Appends until it is killed. Says {@code taken N milliseconds} after each append and {@code out
   * N} for the highest sequence that was handed out.
   */
  public static final class Writer {
    private Writer() {}

    public static void main(String[] args) {
      long flush = Long.parseLong(args[1]);
      try (Outbox<Sample> outbox =
          ChronicleOutbox.open(
              Path.of(args[0]),
              RecordCodec.TELEMETRY,
              new OutboxSettings(Duration.ofMillis(flush), 300_000, 1L << 30, 1 << 20))) {
        System.out.println("opened " + outbox.lastSequence() + " " + outbox.lost());
        int next = (int) outbox.lastSequence() + 1;
        long handedOut = 0;
        while (true) {
          int last = next + 20 + next % 37;
          outbox.append(OutboxContract.samples(next, last));
          System.out.println("taken " + last + " " + System.nanoTime() / 1_000_000);
          Outbox.Batch<Sample> batch = outbox.peek(handedOut + 1, 5000, 1 << 20);
          if (!batch.records().isEmpty()) {
            handedOut = batch.lastSequence();
            System.out.println("out " + handedOut);
          }
          System.out.flush();
          next = last + 1;
          if (flush > 0) {
            LockSupport.parkNanos(200_000);
          }
        }
      }
    }
  }

  /** What the writer had said when the power went, oldest first. */
  private static final class Told {
    private final List<long[]> taken = new ArrayList<>();
    private long handedOut;
    private long opened;
    private long lost;

    long millis() {
      return taken.isEmpty() ? 0 : taken.get(taken.size() - 1)[1] - taken.get(0)[1];
    }

    void line(String line) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("taken")) {
        taken.add(new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])});
      } else if (words[0].equals("out")) {
        handedOut = Long.parseLong(words[1]);
      } else if (words[0].equals("opened")) {
        opened = Long.parseLong(words[1]);
        lost = Long.parseLong(words[2]);
      }
    }

    long lastTaken() {
      return taken.isEmpty() ? 0 : taken.get(taken.size() - 1)[0];
    }

    /** Highest sequence taken at least so long before the last one. */
    long takenBefore(long millis) {
      long end = taken.get(taken.size() - 1)[1];
      long found = 0;
      for (long[] t : taken) {
        found = end - t[1] >= millis ? t[0] : found;
      }
      return found;
    }
  }

  private static Process write(Path disk, long flush) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(a -> a.startsWith("--") || a.startsWith("-XX"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Writer.class.getName(),
            disk.resolve("outbox").toString(),
            Long.toString(flush)));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static Told cut(LoopDisk disk, long flush, long millis) throws Exception {
    Told told = new Told();
    Process process = write(disk.path(), flush);
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      while (told.millis() < millis) {
        String line = out.readLine();
        assertThat(line).as("the writer ended by itself").isNotNull();
        told.line(Objects.requireNonNull(line));
      }
      disk.cut();
      process.destroyForcibly();
      // What it said between the last line read and the cut was said before the cut as well, but
      // what it said afterwards was never promised; so only lines read before the cut count.
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    disk.unmount();
    disk.mount();
    return told;
  }

  /** The columns: file system, flush interval in milliseconds, milliseconds until the cut. */
  @ParameterizedTest
  @CsvSource({"ext4, 0, 1500", "xfs, 0, 1500", "ext4, 1000, 5500", "xfs, 1000, 5500"})
  void aPowerCutCostsAtMostWhatTheFlushIntervalSays(String type, long flush, long millis)
      throws Exception {
    try (LoopDisk disk = LoopDisk.make(folder, type, 400)) {
      Told first = cut(disk, flush, millis);
      Told second = cut(disk, flush, millis);
      survived(type, flush, first, second.opened, second.lost);
      try (Outbox<Sample> outbox =
          ChronicleOutbox.open(
              disk.path().resolve("outbox"),
              RecordCodec.TELEMETRY,
              ChronicleOutbox.settings(Duration.ZERO))) {
        survived(type, flush, second, outbox.lastSequence(), outbox.lost());
        contiguous(outbox, outbox.lastSequence());
      }
    } finally {
      Files.deleteIfExists(folder.resolve("disk.img"));
    }
  }

  private static void survived(String type, long flush, Told told, long kept, long lost) {
    // Twice the interval: the force begins one interval after the last, and itself takes time.
    long promised = flush == 0 ? told.lastTaken() : told.takenBefore(2 * flush + 1000);
    System.out.printf(
        "%s flush %d ms: %d taken, %d handed out, %d promised, %d kept%n",
        type, flush, told.lastTaken(), told.handedOut, promised, kept);
    assertThat(promised).isGreaterThan(told.opened);
    assertThat(lost).isZero();
    assertThat(kept).isGreaterThanOrEqualTo(promised);
    assertThat(kept)
        .as("what the hub may have seen keeps its number")
        .isGreaterThanOrEqualTo(told.handedOut);
  }

  private static void contiguous(Outbox<Sample> outbox, long kept) {
    long next = 1;
    while (next <= kept) {
      Outbox.Batch<Sample> batch = outbox.peek(next, 5000, 4 << 20);
      assertThat(batch.records()).as("at %s", next).isNotEmpty();
      assertThat(batch.firstSequence()).isEqualTo(next);
      for (Sample s : batch.records()) {
        assertThat(s.value()).isEqualTo(new Value.State((int) next));
        next++;
      }
    }
  }
}
