package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import io.plantroom.wire.Event;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.Receipt;
import io.plantroom.wire.Receipt.Outcome;
import io.plantroom.wire.Topics;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the ingest promises, on every kind of database. Each test has an epoch of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("faults")
abstract class IngestContract {
  @TempDir static Path folder = Path.of(".");
  private final Random random = new Random(7);
  private TestHub hub;
  private long epoch;
  private Instant base = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  abstract DatabaseConfig database();

  TestHub hub() {
    return hub;
  }

  /** Sends one sample as a queue of its own. */
  Receipt alone(Sample sample) throws Exception {
    newEpoch();
    return hub.frame(new Frame.Telemetry(header(1, 1, 1), List.of(sample)));
  }

  @BeforeAll
  void start() throws Exception {
    hub = new TestHub(folder, database(), InstantSource.system());
  }

  @AfterAll
  void stop() {
    hub.close();
  }

  @AfterEach
  void allIsAccountedFor() {
    hub.everySampleIsAccountedFor();
    hub.everyFirstTimeIsTrue();
  }

  @Test
  void aFrameIsCommittedOnceHoweverOftenItComes() throws Exception {
    Frame frame = frame(1, 10, 1);
    Receipt first = hub.frame(frame);
    long after = hub.count("SELECT count(*) FROM telemetry");

    Receipt again = hub.frame(frame);

    assertThat(first.outcome()).isEqualTo(Outcome.COMMITTED);
    assertThat(first.watermark()).isEqualTo(10);
    assertThat(again).isEqualTo(first);
    assertThat(hub.count("SELECT count(*) FROM telemetry")).isEqualTo(after);
  }

  @Test
  void onlyTheNewPartOfAnOverlappingFrameIsStored() throws Exception {
    hub.frame(frame(1, 10, 1));
    long before = hub.count("SELECT count(*) FROM telemetry");

    Receipt receipt = hub.frame(frame(6, 10, 1));

    assertThat(receipt.watermark()).isEqualTo(15);
    assertThat(hub.count("SELECT count(*) FROM telemetry") - before).isEqualTo(5);
  }

  @Test
  void aHoleIsAskedForAndNothingIsStored() throws Exception {
    hub.frame(frame(1, 10, 1));
    long before = hub.count("SELECT count(*) FROM telemetry");

    Receipt receipt = hub.frame(frame(21, 5, 1));

    assertThat(receipt.outcome()).isEqualTo(Outcome.HOLE);
    assertThat(receipt.watermark()).isEqualTo(10);
    assertThat(hub.count("SELECT count(*) FROM telemetry")).isEqualTo(before);
  }

  @Test
  void whatTheGatewayNoLongerHasBecomesAGapInTheLedger() throws Exception {
    hub.frame(frame(1, 10, 1));
    long gaps = hub.count("SELECT count(*) FROM ingest_gap");

    Receipt receipt = hub.frame(frame(21, 5, 21));

    assertThat(receipt.outcome()).isEqualTo(Outcome.COMMITTED);
    assertThat(receipt.watermark()).isEqualTo(25);
    assertThat(hub.count("SELECT count(*) FROM ingest_gap") - gaps).isEqualTo(1);
    assertThat(
            hub.count(
                "SELECT to_seq - from_seq + 1 FROM ingest_gap WHERE from_seq = 11 AND to_seq = 20"))
        .isEqualTo(10);
  }

  @Test
  void aGapThatWasToldBeforehandTakesItsReasonFromThere() throws Exception {
    hub.frame(frame(1, 10, 1));
    lost(13, 20, Event.LossReason.EVICTED);

    hub.frame(frame(26, 5, 26));

    assertThat(gaps()).containsExactly("11-12 lost", "13-20 evicted quota", "21-25 lost");
  }

  @Test
  void aGapThatIsToldAfterwardsIsExplainedThen() throws Exception {
    hub.frame(frame(1, 10, 1));
    hub.frame(frame(31, 5, 31));
    assertThat(gaps()).containsExactly("11-30 lost");

    lost(5, 20, Event.LossReason.DAMAGED);
    lost(5, 20, Event.LossReason.DAMAGED);
    lost(21, 99, Event.LossReason.EVICTED);

    assertThat(gaps()).containsExactly("11-20 damaged quota", "21-30 evicted quota");
  }

  @Test
  void aHoleThatWasToldIsNotAskedForThoughOlderRecordsAreStillKept() throws Exception {
    hub.frame(frame(1, 10, 1));
    lost(11, 14, Event.LossReason.DAMAGED);
    lost(15, 20, Event.LossReason.DAMAGED);

    Receipt receipt = hub.frame(frame(21, 5, 5));
    Receipt farther = hub.frame(frame(31, 5, 5));

    assertThat(receipt.outcome()).isEqualTo(Outcome.COMMITTED);
    assertThat(receipt.watermark()).isEqualTo(25);
    assertThat(farther.outcome()).as("nothing was told of 26 to 30").isEqualTo(Outcome.HOLE);
  }

  @Test
  void aClockThatCannotBeTrustedNeverHidesWhatAGoodOneSaid() throws Exception {
    Instant ahead = base.plus(Duration.ofMinutes(30));
    alone(Sample.good("doubt", "t", base, new Value.Analog(1)));
    alone(Sample.good("doubt", "t", ahead, new Value.Analog(2)).withClockTrusted(false));
    awaitLatest("doubt", 1);
    alone(Sample.good("wrong", "t", ahead, new Value.Analog(2)).withClockTrusted(false));
    awaitLatest("wrong", 2);

    alone(Sample.good("wrong", "t", base, new Value.Analog(1)));

    awaitLatest("wrong", 1);
    assertThat(latest("doubt")).isEqualTo(1);
  }

  @Test
  void twoHoursAheadIsKeptApart() throws Exception {
    long before = hub.count("SELECT count(*) FROM sample_suspect");

    alone(Sample.good("jump", "t", base.plus(Duration.ofHours(2)), new Value.Analog(1)));

    assertThat(hub.count("SELECT count(*) FROM sample_suspect") - before).isEqualTo(1);
  }

  private void awaitLatest(String device, long value) {
    await().untilAsserted(() -> assertThat(latest(device)).isEqualTo(value));
  }

  private long latest(String device) {
    return hub.count(
        """
        SELECT coalesce(max(l.value), -1)::bigint FROM point_latest l
          JOIN point p ON p.id = l.point_id JOIN device d ON d.id = p.device_id
         WHERE d.key = '%s'"""
            .formatted(device));
  }

  private void lost(long from, long to, Event.LossReason reason) throws Exception {
    FrameHeader header = new FrameHeader("gw-a", Lane.EVENTS, random.nextLong(), 1, 1, 1, 0);
    Event event =
        new Event.RecordsLost(
            base, true, Lane.TELEMETRY, epoch, from, to, reason, base, base, "quota");
    hub.frame(new Frame.Events(header, List.of(event)));
  }

  private List<String> gaps() {
    return hub.hub()
        .database()
        .jdbi()
        .withHandle(
            h ->
                h.createQuery(
                        """
                        SELECT from_seq || '-' || to_seq || ' ' || concat_ws(' ', reason, detail)
                          FROM ingest_gap WHERE epoch = :epoch AND lane = 1 ORDER BY from_seq""")
                    .bind("epoch", epoch)
                    .mapTo(String.class)
                    .list());
  }

  @Test
  void aSecondSampleOfTheSameMillisecondIsSetAsideAndNotLost() throws Exception {
    hub.frame(frame(1, 10, 1));
    long before = hub.count("SELECT count(*) FROM sample_conflict");
    epoch = random.nextLong();

    Receipt receipt = hub.frame(sameTimes(10));

    assertThat(receipt.outcome()).isEqualTo(Outcome.COMMITTED);
    assertThat(hub.count("SELECT count(*) FROM sample_conflict") - before).isEqualTo(10);
  }

  @Test
  void aDuplicateAtTheBeginningOfALargeFrameSetsAsideNothingElse() throws Exception {
    hub.frame(frame(1, 1, 1));
    long stored = hub.count("SELECT count(*) FROM telemetry");
    long before = hub.count("SELECT count(*) FROM sample_conflict");
    epoch = random.nextLong();

    // The database refuses the first row while most of the others are still on their way.
    Receipt receipt = hub.frame(sameTimes(10_000));

    assertThat(receipt.outcome()).isEqualTo(Outcome.COMMITTED);
    assertThat(hub.count("SELECT count(*) FROM sample_conflict") - before).isEqualTo(1);
    assertThat(hub.count("SELECT count(*) FROM telemetry") - stored).isEqualTo(9_999);
  }

  @Test
  void absurdTimesAreKeptApartAndNeverTheLatest() throws Exception {
    newEpoch();
    List<Sample> samples =
        List.of(
            Sample.good("clock", "t", Instant.parse("1970-01-02T00:00:00Z"), new Value.Analog(1)),
            Sample.good("clock", "t", base.plus(Duration.ofDays(9)), new Value.Analog(2)),
            Sample.good("clock", "t", base, new Value.Analog(3)));

    Receipt receipt = hub.frame(new Frame.Telemetry(header(1, 3, 1), samples));

    assertThat(receipt.watermark()).isEqualTo(3);
    assertThat(hub.count("SELECT count(*) FROM sample_suspect")).isGreaterThanOrEqualTo(2);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        hub.count(
                            """
                            SELECT coalesce(max(l.value), -1)::bigint FROM point_latest l
                              JOIN point p ON p.id = l.point_id JOIN device d ON d.id = p.device_id
                             WHERE d.key = 'clock'"""))
                    .isEqualTo(3));
  }

  @Test
  void everyKindOfValueComesBackExactly() throws Exception {
    newEpoch();
    List<Sample> samples =
        List.of(
            Sample.good("k", "analog", base, new Value.Analog(Math.PI)),
            Sample.good(
                "k", "counter", base, new Value.Counter(new BigDecimal("9007199254740993.07"))),
            Sample.good("k", "big", base, new Value.Counter(new BigDecimal("12E+3"))),
            Sample.good("k", "zero", base, new Value.Counter(new BigDecimal("0.000"))),
            Sample.good("k", "minus", base, new Value.Counter(new BigDecimal("-0.0120"))),
            Sample.good("k", "state", base, new Value.State(-3)),
            Sample.good("k", "text", base, new Value.Text("负一层 B1")),
            Sample.bad("k", "silent", base, Cause.TIMEOUT));

    hub.frame(new Frame.Telemetry(header(1, samples.size(), 1), samples));

    assertThat(registers("k"))
        .containsExactlyInAnyOrder("9007199254740993.07", "12000", "0.000", "-0.0120");
    assertThat(
            hub.count(
                """
                SELECT count(*) FROM telemetry t JOIN point p ON p.id = t.point_id
                 WHERE p.name = 'silent' AND t.value IS NULL AND t.quality = 2 AND t.cause = 1"""))
        .isEqualTo(1);
    assertThat(
            hub.count(
                "SELECT count(*) FROM telemetry_state WHERE state = -3 OR text_value = '负一层 B1'"))
        .isEqualTo(2);
  }

  @Test
  void aBodyThatCannotBeReadIsSetAsideAndTheNextFrameGoesOn() throws Exception {
    newEpoch();
    byte[] whole = FrameCodec.encode(new Frame.Telemetry(header(1, 3, 1), samples(3)));
    byte[] broken = withBrokenBody(whole);
    long before = hub.count("SELECT count(*) FROM quarantine");

    Receipt receipt = hub.raw(Topics.frames("gw-a", Lane.TELEMETRY), broken);
    Receipt next = hub.frame(new Frame.Telemetry(header(4, 2, 1), samples(2)));

    assertThat(receipt.outcome()).isEqualTo(Outcome.COMMITTED);
    assertThat(receipt.reason()).startsWith("set aside");
    assertThat(next.watermark()).isEqualTo(5);
    assertThat(hub.count("SELECT count(*) FROM quarantine") - before).isEqualTo(1);
  }

  @Test
  void aValueThatTheDatabaseNeverTakesIsSetAsideToo() throws Exception {
    newEpoch();
    List<Sample> poison = List.of(Sample.good("nul", "t", base, new Value.Text("a\0b")));

    Receipt receipt = hub.frame(new Frame.Telemetry(header(1, 1, 1), poison));

    assertThat(receipt.outcome()).isEqualTo(Outcome.COMMITTED);
    assertThat(receipt.watermark()).isEqualTo(1);
    assertThat(receipt.reason()).contains("set aside");
  }

  @Test
  void bytesThatAreNoFrameAndNewerVersionsAreSetAsideWithoutAnAnswer() throws Exception {
    newEpoch();
    byte[] newer = FrameCodec.encode(new Frame.Telemetry(header(1, 1, 1), samples(1)));
    newer[2] = 2;
    byte[] garbage = new byte[100];
    random.nextBytes(garbage);
    String topic = Topics.frames("gw-a", Lane.TELEMETRY);

    hub.unanswered(topic, newer);
    hub.unanswered(topic, garbage);
    hub.unanswered(topic, garbage);

    assertThat(hub.count("SELECT count(*) FROM quarantine WHERE reason LIKE '%wire version 2%'"))
        .isEqualTo(1);
    assertThat(hub.count("SELECT max(seen) FROM quarantine WHERE reason LIKE 'not a frame%'"))
        .isEqualTo(2);
  }

  @Test
  void aGatewayCannotSpeakInTheNameOfAnother() throws Exception {
    newEpoch();
    byte[] frame = FrameCodec.encode(new Frame.Telemetry(header(1, 1, 1), samples(1)));
    long before = hub.count("SELECT count(*) FROM telemetry");

    hub.unanswered(Topics.frames("gw-b", Lane.TELEMETRY), frame);

    assertThat(hub.count("SELECT count(*) FROM telemetry")).isEqualTo(before);
  }

  @Test
  void anUnknownGatewayIsRefusedAndKeepsItsData() throws Exception {
    FrameHeader header = new FrameHeader("gw-stranger", Lane.TELEMETRY, 1, 1, 1, 1, 0);

    Receipt receipt = hub.frame(new Frame.Telemetry(header, samples(1)));

    assertThat(receipt.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(receipt.watermark()).isZero();
  }

  @Test
  void anEventIsAppliedOnceThoughItsFrameComesTwice() throws Exception {
    FrameHeader header = new FrameHeader("gw-a", Lane.EVENTS, random.nextLong(), 1, 1, 1, 0);
    Event event =
        new Event.AlarmChange(
            base, true, UUID.randomUUID(), "once", "smoke", Event.Change.RAISED, null, null);
    Frame frame = new Frame.Events(header, List.of(event));

    hub.frame(frame);
    hub.frame(frame);

    assertThat(hub.count("SELECT sum(occurrences) FROM alarm WHERE key = 'smoke'")).isEqualTo(1);
    assertThat(
            hub.count(
                "SELECT count(*) FROM alarm_history h JOIN alarm a ON a.id = h.alarm_id"
                    + " WHERE a.key = 'smoke'"))
        .isEqualTo(1);
  }

  @Test
  void oldBacklogFindsItsDaysAndTurnsNothingBack() throws Exception {
    newEpoch();
    List<Sample> samples = new ArrayList<>();
    samples.add(Sample.good("late", "t", base, new Value.Analog(99)));
    for (int day = 1; day <= 20; day++) {
      samples.add(
          Sample.good("late", "t", base.minus(Duration.ofDays(day)), new Value.Analog(day)));
    }

    Receipt receipt = hub.frame(new Frame.Telemetry(header(1, samples.size(), 1), samples));

    assertThat(receipt.watermark()).isEqualTo(21);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        hub.count(
                            """
                            SELECT coalesce(max(l.value), -1)::bigint FROM point_latest l
                              JOIN point p ON p.id = l.point_id JOIN device d ON d.id = p.device_id
                             WHERE d.key = 'late'"""))
                    .isEqualTo(99));
  }

  private List<String> registers(String device) {
    return hub.hub()
        .database()
        .jdbi()
        .withHandle(
            h ->
                h.createQuery(
                        """
                        SELECT s.value::text FROM register_sample s JOIN point p ON p.id = s.point_id
                          JOIN device d ON d.id = p.device_id WHERE d.key = :device""")
                    .bind("device", device)
                    .mapTo(String.class)
                    .list());
  }

  private void newEpoch() {
    epoch = random.nextLong();
    base = base.plusSeconds(100);
    if (base.isAfter(Instant.now().plus(Duration.ofHours(12)))) {
      throw new IllegalStateException("too many epochs for one run");
    }
  }

  private Frame frame(int first, int count, int firstKept) {
    if (first == 1) {
      newEpoch();
    }
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(Sample.good("d", "t", base.plusMillis(first + i), new Value.Analog(first + i)));
    }
    return new Frame.Telemetry(header(first, count, firstKept), samples);
  }

  private Frame sameTimes(int count) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(Sample.good("d", "t", base.plusMillis(1 + i), new Value.Analog(-1)));
    }
    return new Frame.Telemetry(header(1, count, 1), samples);
  }

  private List<Sample> samples(int count) {
    base = base.plusSeconds(1);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(Sample.good("s", "t", base.plusMillis(i), new Value.Analog(i)));
    }
    return samples;
  }

  private FrameHeader header(int first, int count, int firstKept) {
    return new FrameHeader("gw-a", Lane.TELEMETRY, epoch, first, count, firstKept, 0);
  }

  /** The last byte before the checksum is of the body; the checksum is made to fit again. */
  private static byte[] withBrokenBody(byte[] frame) {
    byte[] broken = Arrays.copyOf(frame, frame.length);
    // Six samples' worth of the value column becomes an impossible number.
    Arrays.fill(broken, broken.length - 12, broken.length - 4, (byte) 0xFF);
    CRC32C crc = new CRC32C();
    crc.update(broken, 0, broken.length - 4);
    ByteBuffer.wrap(broken).putInt(broken.length - 4, (int) crc.getValue());
    return broken;
  }
}
