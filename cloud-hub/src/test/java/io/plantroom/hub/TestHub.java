package io.plantroom.hub;

import io.plantroom.hub.config.HubConfig;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.config.Organisation;
import io.plantroom.hub.config.RetentionConfig;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.ingest.Delivery;
import io.plantroom.hub.ingest.Downlink;
import io.plantroom.hub.ingest.ReceiptSink;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import io.plantroom.wire.Event;
import io.plantroom.wire.Frame;
import io.plantroom.wire.FrameCodec;
import io.plantroom.wire.FrameHeader;
import io.plantroom.wire.GatewayStatus;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.LiveCodec;
import io.plantroom.wire.Receipt;
import io.plantroom.wire.Topics;
import io.plantroom.yaml.YamlFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A whole hub without a broker: frames are handed to its ingest, receipts are caught. */
public final class TestHub implements AutoCloseable {
  /** Two sites of two companies; {@code gw-b} is foreign to who may see only site-a. */
  public static final String ORGANISATION =
      """
      groups:
        - id: group
          name: {zh: 集团, en: Group}
          companies:
            - id: company-a
              name: {zh: 甲公司, en: Company A}
              sites:
                - {id: site-a, name: {zh: 甲项目, en: Site A}, time-zone: Asia/Shanghai}
            - id: company-b
              name: {zh: 乙公司, en: Company B}
              sites:
                - {id: site-b, name: {zh: 乙项目, en: Site B}, time-zone: Asia/Shanghai}
      gateways:
        - {code: gw-a, site: site-a, name: {zh: 甲网关, en: Gateway A}}
        - {code: gw-b, site: site-b, name: {zh: 乙网关, en: Gateway B}}
      """;

  private final CloudHub hub;
  private final Path folder;
  private final BlockingQueue<Receipt> receipts = new LinkedBlockingQueue<>();
  private final List<Down> downlinks = new CopyOnWriteArrayList<>();
  private final Map<Lane, AtomicLong> next = new EnumMap<>(Lane.class);
  private final AtomicLong settled = new AtomicLong();

  public TestHub(Path folder, DatabaseConfig database, InstantSource clock) throws Exception {
    this(folder, database, clock, null);
  }

  TestHub(Path folder, DatabaseConfig database, InstantSource clock, HubConfig.@Nullable Tls tls)
      throws Exception {
    this.folder = folder;
    Organisation organisation =
        YamlFile.parse("organisation.yaml", ORGANISATION).as(Organisation.class);
    HubConfig config =
        new HubConfig(
            new HubConfig.Http("127.0.0.1", 0, tls),
            new HubConfig.Management("127.0.0.1", 0),
            database,
            null,
            folder.resolve("organisation.yaml"),
            folder.resolve("admin-password"),
            folder.resolve("billing-token"),
            null,
            new HubConfig.CutOff(1, "00:00"),
            RetentionConfig.usual());
    hub = CloudHub.start(config, organisation, ProfileCatalog.builtIn(), clock, new Caught());
  }

  private final class Caught implements ReceiptSink, Downlink {
    @Override
    public void send(String gateway, Receipt receipt) {
      receipts.add(receipt);
    }

    @Override
    public void publish(String topic, byte[] payload, boolean retain) {
      downlinks.add(new Down(topic, new String(payload, StandardCharsets.UTF_8), retain));
    }
  }

  /** What the hub said to a gateway. */
  public record Down(String topic, String payload, boolean retain) {}

  /** All of it so far. */
  public List<Down> downlinks() {
    return List.copyOf(downlinks);
  }

  /** A single number from the database. */
  public long count(String sql) {
    return hub.database().jdbi().withHandle(h -> h.createQuery(sql).mapTo(Long.class).one());
  }

  /** Samples that stand in any table, which must be all that the watermarks claim. */
  public void everySampleIsAccountedFor() {
    long stored =
        count(
            """
            SELECT (SELECT count(*) FROM telemetry) + (SELECT count(*) FROM telemetry_state)
                 + (SELECT count(*) FROM register_sample) + (SELECT count(*) FROM sample_suspect)
                 + (SELECT count(*) FROM sample_conflict)""");
    long claimed =
        count(
            """
            SELECT (SELECT coalesce(sum(last_seq), 0) FROM ingest_watermark WHERE lane = 1)
                 - (SELECT coalesce(sum(to_seq - from_seq + 1), 0) FROM ingest_gap WHERE lane = 1)""");
    if (stored != claimed) {
      throw new AssertionError(stored + " samples stand, the watermarks claim " + claimed);
    }
  }

  /** The time kept with each point is that of its earliest sample in any table. */
  public void everyFirstTimeIsTrue() {
    long wrong =
        count(
            """
            SELECT count(*) FROM point p WHERE first_at IS DISTINCT FROM least(
              (SELECT min(ts) FROM telemetry WHERE point_id = p.id),
              (SELECT min(ts) FROM telemetry_state WHERE point_id = p.id),
              (SELECT min(ts) FROM register_sample WHERE point_id = p.id))""");
    if (wrong != 0) {
      throw new AssertionError(wrong + " points have a wrong first time");
    }
  }

  /** Returns when all rollups know what is stored. */
  public void rollUp() {
    new io.plantroom.hub.rollup.Rollups(hub.database()).catchUp();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> count("SELECT count(*) FROM rollup_mark") == 0);
  }

  public Database database() {
    return hub.database();
  }

  public CloudHub hub() {
    return hub;
  }

  public String base() {
    return "http://127.0.0.1:" + hub.httpPort();
  }

  public String secret(String file) throws Exception {
    return Files.readString(folder.resolve(file)).strip();
  }

  /** A client that is signed in as the first account. */
  public ApiClient admin() throws Exception {
    ApiClient client = new ApiClient(base());
    client.signIn("admin", secret("admin-password"));
    return client;
  }

  /** Sends events as the next frame of a gateway's only epoch and returns its receipt. */
  public Receipt events(String gateway, Event... events) throws Exception {
    FrameHeader header = header(gateway, Lane.EVENTS, events.length);
    return frame(new Frame.Events(header, List.of(events)));
  }

  /** Sends samples as the next frame of a gateway's only epoch and returns its receipt. */
  public Receipt samples(String gateway, List<Sample> samples) throws Exception {
    FrameHeader header = header(gateway, Lane.TELEMETRY, samples.size());
    return frame(new Frame.Telemetry(header, samples));
  }

  public void status(String gateway, boolean online) throws Exception {
    status(gateway, online, true);
  }

  public void status(String gateway, boolean online, boolean clockTrusted) throws Exception {
    long before = settled.get();
    GatewayStatus status =
        new GatewayStatus(Instant.now(), online, "1.0", clockTrusted, 0, 0, 2, online ? 2 : 0);
    hub.ingest()
        .accept(
            new Delivery(
                Topics.status(gateway), JsonWire.encode(status), settled::incrementAndGet));
    org.awaitility.Awaitility.await().until(() -> settled.get() > before);
  }

  /** Sends values ahead of the backlog. */
  public void live(String gateway, Sample... samples) throws Exception {
    String topic = "plantroom/v1/" + gateway + "/up/live";
    hub.ingest().accept(new Delivery(topic, LiveCodec.encode(List.of(samples)), () -> {}));
  }

  /** Tells of one pump and one electricity meter. */
  public void introduce(String gateway) throws Exception {
    events(
        gateway,
        new Event.Inventory(
            Instant.now(),
            true,
            "1.0",
            List.of(
                new Event.Device(
                    "meter-1",
                    "eastron-sdm630",
                    new Event.LocalName("总电表", "Main meter"),
                    new Event.LocalName("配电室", "Switch room"),
                    "modbus-tcp://127.0.0.1:502/1",
                    "SN-1"),
                new Event.Device(
                    "pump-1",
                    "grundfos-cim-pump",
                    new Event.LocalName("生活水泵", "Water pump"),
                    null,
                    "modbus-tcp://127.0.0.1:502/2",
                    null,
                    null,
                    List.of("bus-setpoint")))));
  }

  /** Sends a frame as it is and returns its receipt. */
  public Receipt frame(Frame frame) throws Exception {
    FrameHeader h = frame.header();
    return raw(Topics.frames(h.gateway(), h.lane()), FrameCodec.encode(frame));
  }

  /** Sends bytes that need not be a frame, and waits until they are settled. */
  public void unanswered(String topic, byte[] payload) throws Exception {
    long before = settled.get();
    hub.ingest().accept(new Delivery(topic, payload, settled::incrementAndGet));
    org.awaitility.Awaitility.await().until(() -> settled.get() > before);
    if (!receipts.isEmpty()) {
      throw new AssertionError("nobody was to be answered, but " + receipts.poll());
    }
  }

  /** Sends bytes and returns the receipt for them. */
  public Receipt raw(String topic, byte[] payload) throws Exception {
    hub.ingest().accept(new Delivery(topic, payload, settled::incrementAndGet));
    Receipt receipt = receipts.poll(20, TimeUnit.SECONDS);
    if (receipt == null) {
      throw new AssertionError("no receipt within " + Duration.ofSeconds(20));
    }
    return receipt;
  }

  private FrameHeader header(String gateway, Lane lane, int count) {
    // An epoch of its own per gateway, so that one counter per lane is enough.
    long first = next.computeIfAbsent(lane, l -> new AtomicLong(1)).getAndAdd(count);
    return new FrameHeader(gateway, lane, gateway.hashCode(), first, count, first, 0);
  }

  @Override
  public void close() {
    hub.close();
  }
}
