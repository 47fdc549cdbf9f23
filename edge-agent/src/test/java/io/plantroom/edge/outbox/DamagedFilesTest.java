package io.plantroom.edge.outbox;

import static io.plantroom.edge.outbox.OutboxContract.drain;
import static io.plantroom.edge.outbox.OutboxContract.samples;
import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event.LossReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever happens to a file: the others are read, what is missing is told, nothing is renumbered.
 */
@Tag("faults")
class DamagedFilesTest {
  private static final int ALL = 3000;
  private static final OutboxSettings SMALL =
      new OutboxSettings(Duration.ZERO, 2000, 1L << 30, 1 << 20);

  @SuppressWarnings("NullAway.Init") // filled in by JUnit
  @TempDir
  Path folder;

  enum Damage {
    ONE_BIT {
      @Override
      byte[] on(byte[] file) {
        // In the middle of an entry: the file's first twentieth holds the entries.
        file[entryIn(file)] ^= 16;
        return file;
      }
    },
    CUT {
      @Override
      byte[] on(byte[] file) {
        return Arrays.copyOf(file, entryIn(file));
      }
    },
    EMPTY {
      @Override
      byte[] on(byte[] file) {
        return new byte[0];
      }
    },
    ZEROED_HEADER {
      @Override
      byte[] on(byte[] file) {
        Arrays.fill(file, 0, 512, (byte) 0);
        return file;
      }
    },
    ZEROED {
      @Override
      byte[] on(byte[] file) {
        return new byte[file.length];
      }
    },
    GARBAGE {
      @Override
      byte[] on(byte[] file) {
        for (int i = 0; i < file.length; i++) {
          file[i] = (byte) (i * 31 + (i >> 8));
        }
        return file;
      }
    };

    abstract byte[] on(byte[] file);

    private static int entryIn(byte[] file) {
      String text = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1);
      return text.lastIndexOf("meter") + 2;
    }
  }

  private Outbox<Sample> open() {
    return ChronicleOutbox.open(folder, RecordCodec.TELEMETRY, SMALL);
  }

  private List<Path> queueFiles() {
    try (Stream<Path> all = Files.list(folder.resolve("queue"))) {
      return all.filter(p -> p.toString().endsWith(".cq4")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path damage(Damage damage, int file) throws IOException {
    Path path = queueFiles().get(file);
    Files.write(path, damage.on(Files.readAllBytes(path)));
    return path;
  }

  private void fill() {
    try (Outbox<Sample> outbox = open()) {
      for (int i = 0; i < ALL / 50; i++) {
        outbox.append(samples(i * 50 + 1, i * 50 + 50));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void inAFileInTheMiddleLosesOnlyOfThatFile(Damage damage) throws IOException {
    fill();
    Path file = damage(damage, queueFiles().size() / 2);
    Loss loss;
    try (Outbox<Sample> outbox = open()) {
      assertThat(outbox.untold()).hasSize(1);
      loss = outbox.untold().get(0);
      assertThat(loss.reason()).isEqualTo(LossReason.DAMAGED);
      assertThat(loss.count()).isBetween(1L, 600L);
      assertThat(loss.detail()).contains(file.getFileName().toString());
      assertThat(folder.resolve("damaged").resolve(file.getFileName())).exists();
      assertThat(drain(outbox, 1)).isEqualTo(samples(1, (int) loss.from() - 1));
      outbox.append(samples(ALL + 1, ALL + 1));
      outbox.release(loss.from() - 1);
      assertThat(outbox.firstKept()).isEqualTo(loss.to() + 1);
      assertThat(drain(outbox, outbox.firstKept()))
          .isEqualTo(samples((int) loss.to() + 1, ALL + 1));
      outbox.told(loss);
    }
    try (Outbox<Sample> outbox = open()) {
      assertThat(outbox.untold()).as("told once is enough").isEmpty();
      assertThat(drain(outbox, outbox.firstKept()))
          .isEqualTo(samples((int) loss.to() + 1, ALL + 1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void inTheLastFileNeverLetsASequenceBeGivenAgain(Damage damage) throws IOException {
    fill();
    damage(damage, queueFiles().size() - 1);
    try (Outbox<Sample> outbox = open()) {
      assertThat(outbox.lastSequence()).isEqualTo(ALL);
      Loss loss = outbox.untold().get(0);
      assertThat(loss.to()).isEqualTo(ALL);
      outbox.append(samples(ALL + 1, ALL + 2));
      outbox.release(loss.from() - 1);
      assertThat(drain(outbox, outbox.firstKept())).isEqualTo(samples(ALL + 1, ALL + 2));
    }
  }

  @ParameterizedTest
  @EnumSource
  void inTheFirstFileKeepsAllBehindIt(Damage damage) throws IOException {
    fill();
    damage(damage, 0);
    try (Outbox<Sample> outbox = open()) {
      Loss loss = outbox.untold().get(0);
      outbox.release(loss.from() - 1);
      assertThat(drain(outbox, outbox.firstKept())).isEqualTo(samples((int) loss.to() + 1, ALL));
    }
  }

  @Test
  void inTheQueuesOwnTableLosesNothing() throws IOException {
    fill();
    Path table = folder.resolve("queue/metadata.cq4t");
    Files.write(table, Damage.GARBAGE.on(Files.readAllBytes(table)));
    try (Outbox<Sample> outbox = open()) {
      outbox.append(samples(ALL + 1, ALL + 3));
      assertThat(drain(outbox, 1)).isEqualTo(samples(1, ALL + 3));
    }
  }

  @Test
  void inTheMarksLosesNothing() throws IOException {
    fill();
    for (String mark : List.of("forced", "released", "evicted", "losses.json")) {
      Files.write(folder.resolve(mark), new byte[] {1, 2, 3});
    }
    try (Outbox<Sample> outbox = open()) {
      assertThat(drain(outbox, 1)).isEqualTo(samples(1, ALL));
    }
  }
}
