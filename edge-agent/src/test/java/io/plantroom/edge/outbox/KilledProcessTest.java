package io.plantroom.edge.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A process that appends is killed; whatever it said to have taken must be there. */
@Tag("faults")
class KilledProcessTest {
  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  /** Appends until it is killed and says each time how far it got. */
  public static final class Writer {
    private Writer() {}

    public static void main(String[] args) {
      try (Outbox<Sample> outbox =
          ChronicleOutbox.open(
              Path.of(args[0]),
              RecordCodec.TELEMETRY,
              new OutboxSettings(Duration.ofMillis(50), 200_000, 1L << 30, 1 << 20))) {
        int next = (int) outbox.lastSequence() + 1;
        while (true) {
          int last = next + next % 37;
          outbox.append(OutboxContract.samples(next, last));
          System.out.println("taken " + last);
          System.out.flush();
          next = last + 1;
        }
      }
    }
  }

  private long runAndKill(int lines) throws Exception {
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
            folder.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    long taken = 0;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      StringBuilder other = new StringBuilder();
      for (int n = 0; n < lines; ) {
        String line = out.readLine();
        assertThat(line).as("the writer ended by itself: %s", other).isNotNull();
        if (Objects.requireNonNull(line).startsWith("taken ")) {
          taken = Long.parseLong(line.substring(6));
          n++;
        } else {
          other.append(line).append('\n');
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    return taken;
  }

  @RepeatedTest(2)
  void nothingThatWasTakenIsLostAndNoSequenceIsMissing() throws Exception {
    runAndKill(300);
    long taken = runAndKill(700);
    try (Outbox<Sample> outbox =
        ChronicleOutbox.open(
            folder, RecordCodec.TELEMETRY, ChronicleOutbox.settings(Duration.ZERO))) {
      assertThat(outbox.lastSequence()).isGreaterThanOrEqualTo(taken);
      assertThat(outbox.lost()).isZero();
      List<Sample> all = OutboxContract.drain(outbox, 1);
      assertThat(all).hasSize((int) outbox.lastSequence());
      for (int i = 0; i < all.size(); i++) {
        assertThat(all.get(i).value()).isEqualTo(new Value.State(i + 1));
      }
    }
  }
}
