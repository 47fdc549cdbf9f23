package io.plantroom.edge.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.plantroom.telemetry.Sample;
import io.plantroom.wire.WireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChronicleOutboxTest extends OutboxContract {
  private static final OutboxSettings EACH =
      new OutboxSettings(Duration.ZERO, 1 << 20, 1L << 30, 1 << 20);

  @Override
  Outbox<Sample> open(Path folder) {
    return ChronicleOutbox.open(folder, RecordCodec.TELEMETRY, EACH);
  }

  private static Outbox<Sample> open(Path folder, OutboxSettings settings) {
    return ChronicleOutbox.open(folder, RecordCodec.TELEMETRY, settings);
  }

  private List<Path> queueFiles() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("queue"))) {
      return all.filter(p -> p.toString().endsWith(".cq4")).sorted().toList();
    }
  }

  @Test
  void everythingIsThereAfterARestart() {
    long epoch;
    try (Outbox<Sample> outbox = open(folder)) {
      outbox.append(samples(1, 900));
      outbox.release(100);
      epoch = outbox.epoch();
    }
    try (Outbox<Sample> outbox = open(folder)) {
      assertThat(outbox.epoch()).isEqualTo(epoch);
      assertThat(outbox.released()).isEqualTo(100);
      outbox.append(samples(901, 910));
      assertThat(drain(outbox, 101)).isEqualTo(samples(101, 910));
      assertThat(outbox.lost()).isZero();
    }
  }

  @Test
  void sequencesGoOnAfterEverythingWasReleased() {
    try (Outbox<Sample> outbox = open(folder)) {
      outbox.append(samples(1, 9));
      outbox.release(9);
    }
    try (Outbox<Sample> outbox = open(folder)) {
      assertThat(outbox.lastSequence()).isEqualTo(9);
      outbox.append(samples(10, 12));
      assertThat(drain(outbox, 10)).isEqualTo(samples(10, 12));
    }
    try (Outbox<Sample> outbox = open(folder)) {
      assertThat(drain(outbox, 10)).isEqualTo(samples(10, 12));
      assertThat(outbox.lost()).isZero();
    }
  }

  @Test
  void anotherFolderIsAnotherEpoch() {
    try (Outbox<Sample> one = open(folder.resolve("a"));
        Outbox<Sample> two = open(folder.resolve("b"))) {
      assertThat(one.epoch()).isNotEqualTo(two.epoch());
    }
  }

  @Test
  void twoProcessesCannotHaveOneFolder() {
    try (Outbox<Sample> outbox = open(folder)) {
      outbox.append(samples(1, 1));
      assertThatThrownBy(() -> open(folder))
          .isInstanceOf(OutboxException.class)
          .hasMessage("outbox " + folder + " is in use by another process");
    }
  }

  @Test
  void releasedFilesAreDeletedAndTheRestIsStillThere() throws IOException {
    OutboxSettings small = new OutboxSettings(Duration.ZERO, 2000, 1L << 30, 1 << 20);
    try (Outbox<Sample> outbox = open(folder, small)) {
      for (int i = 0; i < 100; i++) {
        outbox.append(samples(i * 50 + 1, i * 50 + 50));
      }
      int before = queueFiles().size();
      assertThat(before).isGreaterThan(10);
      outbox.release(4000);
      assertThat(queueFiles().size()).isLessThan(before / 3);
      assertThat(drain(outbox, 4001)).isEqualTo(samples(4001, 5000));
    }
    try (Outbox<Sample> outbox = open(folder, small)) {
      assertThat(drain(outbox, 4001)).isEqualTo(samples(4001, 5000));
      assertThat(outbox.lost()).isZero();
    }
  }

  @Test
  void aboveTheQuotaTheOldestAreDroppedAndThatIsSaid() {
    OutboxSettings tiny = new OutboxSettings(Duration.ZERO, 4000, 20_000, 1 << 20);
    try (Outbox<Sample> outbox = open(folder, tiny)) {
      for (int i = 0; i < 100; i++) {
        outbox.append(samples(i * 50 + 1, i * 50 + 50));
      }
      long first = outbox.firstKept();
      assertThat(first).isGreaterThan(1000);
      assertThat(outbox.lost()).isEqualTo(first - 1);
      assertThat(outbox.peek(1, 3, 1 << 20).firstSequence()).isEqualTo(first);
      assertThat(drain(outbox, first)).isEqualTo(samples((int) first, 5000));
    }
  }

  @Test
  void onAFullDiskNothingIsTakenAndWhatIsThereStays() {
    try (Outbox<Sample> outbox = open(folder)) {
      outbox.append(samples(1, 3));
    }
    OutboxSettings greedy = new OutboxSettings(Duration.ZERO, 4000, 1L << 30, Long.MAX_VALUE);
    try (Outbox<Sample> outbox = open(folder, greedy)) {
      assertThatThrownBy(() -> outbox.append(samples(4, 5)))
          .isInstanceOf(OutboxFullException.class);
      assertThat(drain(outbox, 1)).isEqualTo(samples(1, 3));
    }
  }

  @Test
  void whatIsNotYetOnTheDiskIsNotHandedOut() {
    OutboxSettings slow = new OutboxSettings(Duration.ofHours(1), 1 << 20, 1L << 30, 1 << 20);
    try (Outbox<Sample> outbox = open(folder, slow)) {
      outbox.append(samples(1, 3));
      assertThat(outbox.lastSequence()).isEqualTo(3);
      assertThat(outbox.peek(1, 10, 1000).records()).isEmpty();
    }
    try (Outbox<Sample> outbox = open(folder, slow)) {
      assertThat(outbox.peek(1, 10, 1000).records()).isEqualTo(samples(1, 3));
    }
  }

  @Test
  void aDamagedEntryIsLeftOutAndItsSequencesAreSaidToBeLost() throws IOException {
    try (Outbox<Sample> outbox = open(folder)) {
      outbox.append(samples(1, 10));
      outbox.append(
          List.of(
              Sample.good(
                  "victim", "n", NOON, new io.plantroom.telemetry.Value.Text("needle-in-file"))));
      outbox.append(samples(12, 20));
    }
    flip("needle-in-file");
    try (Outbox<Sample> outbox = open(folder)) {
      assertThat(outbox.lost()).isEqualTo(1);
      assertThat(outbox.peek(1, 100, 1 << 20).records()).isEqualTo(samples(1, 10));
      assertThat(outbox.peek(11, 100, 1 << 20).records())
          .as("nothing behind a hole while there is something before it")
          .isEmpty();
      outbox.release(10);
      assertThat(outbox.firstKept()).isEqualTo(12);
      assertThat(outbox.peek(11, 100, 1 << 20)).isEqualTo(new Outbox.Batch<>(12, samples(12, 20)));
    }
  }

  @Test
  void aDamagedLastEntryNeverLetsItsSequenceBeGivenAgain() throws IOException {
    try (Outbox<Sample> outbox = open(folder)) {
      outbox.append(samples(1, 10));
      outbox.append(
          List.of(
              Sample.good(
                  "victim", "n", NOON, new io.plantroom.telemetry.Value.Text("needle-in-file"))));
    }
    flip("needle-in-file");
    try (Outbox<Sample> outbox = open(folder)) {
      assertThat(outbox.lastSequence()).isEqualTo(11);
      outbox.append(samples(12, 13));
      outbox.release(10);
      assertThat(outbox.peek(11, 100, 1 << 20)).isEqualTo(new Outbox.Batch<>(12, samples(12, 13)));
    }
  }

  @Test
  void withoutTheQueuesOwnTableEverythingIsStillFound() throws IOException {
    OutboxSettings small = new OutboxSettings(Duration.ZERO, 2000, 1L << 30, 1 << 20);
    try (Outbox<Sample> outbox = open(folder, small)) {
      for (int i = 0; i < 20; i++) {
        outbox.append(samples(i * 50 + 1, i * 50 + 50));
      }
    }
    Files.delete(folder.resolve("queue/metadata.cq4t"));
    try (Outbox<Sample> outbox = open(folder, small)) {
      outbox.append(samples(1001, 1003));
      assertThat(drain(outbox, 1)).isEqualTo(samples(1, 1003));
    }
  }

  @Test
  void garbageInAFileLosesThatFilesRestOnlyAndSaysSo() throws IOException {
    OutboxSettings small = new OutboxSettings(Duration.ZERO, 2000, 1L << 30, 1 << 20);
    try (Outbox<Sample> outbox = open(folder, small)) {
      for (int i = 0; i < 60; i++) {
        outbox.append(samples(i * 50 + 1, i * 50 + 50));
      }
    }
    Path middle = queueFiles().get(queueFiles().size() / 2);
    byte[] bytes = Files.readAllBytes(middle);
    for (int i = bytes.length / 400; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    Files.write(middle, bytes);
    try (Outbox<Sample> outbox = open(folder, small)) {
      assertThat(outbox.lost()).isBetween(1L, 1000L);
      List<Sample> before = drain(outbox, 1);
      assertThat(before).isEqualTo(samples(1, before.size()));
      outbox.release(before.size());
      long first = outbox.firstKept();
      assertThat(first).isEqualTo(before.size() + outbox.lost() + 1);
      assertThat(drain(outbox, first)).isEqualTo(samples((int) first, 3000));
    }
  }

  private void flip(String needle) throws IOException {
    boolean found = false;
    for (Path file : queueFiles()) {
      byte[] bytes = Files.readAllBytes(file);
      int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(needle);
      if (at >= 0) {
        bytes[at] ^= 1;
        Files.write(file, bytes);
        found = true;
      }
    }
    assertThat(found).isTrue();
  }

  @Test
  void anEntryThatCannotBeReadIsToldAndDoesNotHoldUpWhatIsBehindIt() {
    RecordCodec<Sample> picky =
        new RecordCodec<>() {
          @Override
          public byte[] encode(List<Sample> records) {
            return RecordCodec.TELEMETRY.encode(records);
          }

          @Override
          public List<Sample> decode(byte[] bytes, int count) throws WireException {
            List<Sample> read = RecordCodec.TELEMETRY.decode(bytes, count);
            if (read.equals(samples(11, 20))) {
              throw new WireException("of a version that is not known");
            }
            return read;
          }

          @Override
          public Instant at(Sample sample) {
            return sample.at();
          }
        };
    try (Outbox<Sample> outbox = ChronicleOutbox.open(folder, picky, EACH)) {
      outbox.append(samples(1, 10));
      outbox.append(samples(11, 20));
      outbox.append(samples(21, 30));
      assertThat(drain(outbox, 1)).isEqualTo(samples(1, 10));
      outbox.release(10);
      assertThat(outbox.firstKept()).isEqualTo(21);
      assertThat(drain(outbox, outbox.firstKept())).isEqualTo(samples(21, 30));
      assertThat(outbox.untold()).extracting(Loss::from, Loss::to).containsExactly(tuple(11L, 20L));
      assertThat(outbox.lost()).isEqualTo(10);
    }
  }
}
