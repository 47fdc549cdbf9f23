package io.plantroom.hub;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.plantroom.hub.access.Access;
import io.plantroom.hub.access.AccessRoutes;
import io.plantroom.hub.access.Accounts;
import io.plantroom.hub.alarm.AlarmRoutes;
import io.plantroom.hub.alarm.AlarmService;
import io.plantroom.hub.analysis.AnalysisRoutes;
import io.plantroom.hub.command.CommandCourier;
import io.plantroom.hub.command.CommandRoutes;
import io.plantroom.hub.completeness.CompletenessRoutes;
import io.plantroom.hub.config.HubConfig;
import io.plantroom.hub.config.Organisation;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.database.Reads;
import io.plantroom.hub.desired.DesiredConfigurations;
import io.plantroom.hub.desired.DesiredRoutes;
import io.plantroom.hub.equipment.EquipmentRoutes;
import io.plantroom.hub.fleet.Fleet;
import io.plantroom.hub.fleet.FleetRoutes;
import io.plantroom.hub.fleet.Inventory;
import io.plantroom.hub.http.ApiServer;
import io.plantroom.hub.http.Routes;
import io.plantroom.hub.ingest.Downlink;
import io.plantroom.hub.ingest.Ingest;
import io.plantroom.hub.ingest.IngestMetrics;
import io.plantroom.hub.ingest.MqttLink;
import io.plantroom.hub.ingest.QuarantineRoutes;
import io.plantroom.hub.ingest.ReceiptSink;
import io.plantroom.hub.live.LiveFeed;
import io.plantroom.hub.maintenance.Preventive;
import io.plantroom.hub.maintenance.ServiceMeters;
import io.plantroom.hub.maintenance.WorkOrders;
import io.plantroom.hub.management.ManagementServer;
import io.plantroom.hub.management.ManagementServer.Check;
import io.plantroom.hub.metering.CutOffs;
import io.plantroom.hub.metering.MeteringRoutes;
import io.plantroom.hub.retention.Retention;
import io.plantroom.hub.retention.StorageRoutes;
import io.plantroom.hub.rollup.Rollups;
import io.plantroom.hub.series.ExportRoutes;
import io.plantroom.hub.series.LatestRoutes;
import io.plantroom.hub.series.SeriesRoutes;
import io.plantroom.hub.site.Sites;
import io.plantroom.hub.telemetry.LatestValues;
import io.plantroom.hub.telemetry.LiveValues;
import io.plantroom.hub.telemetry.PointRegistry;
import io.plantroom.hub.telemetry.SampleStore;
import io.plantroom.profile.ProfileCatalog;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hub as a whole: its features, put together by hand. */
public final class CloudHub implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(CloudHub.class);
  private static final Duration STUCK = Duration.ofSeconds(30);

  /** Connections for ingest, gateway status, latest values and what runs by the clock. */
  private static final int KEPT_FOR_INGEST = 4;

  private final Deque<Feature> started = new ArrayDeque<>();
  private final Vertx vertx;
  private final Database database;
  private final LiveFeed live;
  private final Ingest ingest;
  private final ApiServer api;
  private final ManagementServer management;

  private record Version(String version, String databaseLevel) {}

  private CloudHub(
      HubConfig config,
      Organisation organisation,
      ProfileCatalog profiles,
      InstantSource clock,
      @Nullable ReceiptSink ownSink)
      throws Exception {
    vertx = Vertx.vertx();
    database = Database.open(config.database());
    Sites.apply(database, organisation);
    Accounts.prepare(database, config, organisation);
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(registry);

    Reads reads = new Reads(database, config.database(), registry);
    Access access = new Access(database);
    live = new LiveFeed(vertx, database, access, version(), registry);
    ServiceMeters meters = new ServiceMeters(database, profiles);
    WorkOrders orders = new WorkOrders(database, live, clock, meters);
    AlarmService alarms = new AlarmService(database, profiles, orders, live, clock);
    PointRegistry points = new PointRegistry(profiles);
    Inventory inventory = new Inventory(profiles, points);
    Fleet fleet = new Fleet(database, inventory, alarms, live, clock);
    LatestValues latest = new LatestValues(database, live, clock);
    CutOffs cutOffs = new CutOffs(database, config.cutOff(), clock);

    MqttLink mqtt = config.broker() == null ? null : new MqttLink(config.broker());
    Downlink downlink = downlink(mqtt, ownSink);
    DesiredConfigurations desired = new DesiredConfigurations(database, downlink, live, clock);
    CommandCourier commands = new CommandCourier(database, profiles, downlink, live, clock);
    IngestMetrics metrics = new IngestMetrics(registry);
    SampleStore samples = new SampleStore(database, clock);
    LiveValues liveValues = new LiveValues(database, points, samples, latest);
    ingest =
        new Ingest(
            database,
            points,
            samples,
            new Ingest.Listeners(
                List.of(fleet, alarms, desired, commands),
                List.of(latest),
                fleet,
                liveValues::accept),
            sink(mqtt, ownSink),
            metrics);

    Routes routes = new Routes();
    new AccessRoutes(database, access, config.http().tls() != null).addTo(routes);
    new Sites(database).addTo(routes);
    new AlarmRoutes(database, alarms, clock).addTo(routes);
    new EquipmentRoutes(database, profiles, latest).addTo(routes);
    new SeriesRoutes(reads, profiles, clock).addTo(routes);
    new ExportRoutes(database, reads, profiles, clock).addTo(routes);
    new LatestRoutes(database, profiles, latest, clock).addTo(routes);
    new FleetRoutes(database, clock).addTo(routes);
    new DesiredRoutes(database, profiles, desired, clock).addTo(routes);
    new CommandRoutes(database, profiles, commands, clock).addTo(routes);
    new QuarantineRoutes(database, ingest).addTo(routes);
    new CompletenessRoutes(database, profiles, clock).addTo(routes);
    orders.addTo(routes);
    new MeteringRoutes(database, cutOffs, clock).addTo(routes);
    new AnalysisRoutes(database, reads, profiles, clock).addTo(routes);
    routes.stream("events", live::open);
    new StorageRoutes(database, reads, config.retention()).addTo(routes);
    routes.on("version", call -> new Version(version(), database.level().key()));
    int workers = Math.max(1, config.database().connections() - KEPT_FOR_INGEST);
    api = new ApiServer(vertx, config.http(), access, routes, workers);
    management =
        new ManagementServer(vertx, config.management(), registry, checks(reads, mqtt, metrics));

    start(
        reads,
        live,
        latest,
        liveValues,
        fleet,
        new Preventive(meters, orders),
        cutOffs,
        new Rollups(database),
        new Retention(database, config.retention(), clock),
        desired,
        commands,
        api,
        management,
        ingest);
    if (mqtt != null) {
      mqtt.deliverTo(ingest);
      start(mqtt);
    }
  }

  /** Starts a hub; when that fails nothing of it is left running. */
  public static CloudHub start(HubConfig config) throws Exception {
    ProfileCatalog profiles = ProfileCatalog.builtIn();
    if (config.profiles() != null) {
      ProfileCatalog.Extended extended = profiles.withFolder(config.profiles());
      extended.problems().forEach(p -> LOGGER.atError().addKeyValue("error", p).log("profile"));
      profiles = extended.catalog();
    }
    return new CloudHub(
        config, Organisation.load(config.organisation()), profiles, InstantSource.system(), null);
  }

  /** For tests: with a clock, profiles and a way of receipts of their own. */
  static CloudHub start(
      HubConfig config,
      Organisation organisation,
      ProfileCatalog profiles,
      InstantSource clock,
      ReceiptSink receipts)
      throws Exception {
    return new CloudHub(config, organisation, profiles, clock, receipts);
  }

  public int httpPort() {
    return api.port();
  }

  public int managementPort() {
    return management.port();
  }

  Ingest ingest() {
    return ingest;
  }

  LiveFeed live() {
    return live;
  }

  Database database() {
    return database;
  }

  /** The build's version, {@code dev} outside a jar. */
  public static String version() {
    String version = CloudHub.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  /** Stops in the reverse order of the start: first what brings work in, last the database. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      started.pop().stop();
    }
    try {
      vertx.close().await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      LOGGER.atWarn().setCause(e).log("event loops not closed cleanly");
    }
    database.close();
  }

  private void start(Feature... features) throws Exception {
    for (Feature feature : features) {
      try {
        feature.start();
        started.push(feature);
      } catch (Exception e) {
        close();
        throw e;
      }
    }
  }

  private static ReceiptSink sink(@Nullable MqttLink mqtt, @Nullable ReceiptSink own) {
    if (own != null) {
      return own;
    }
    return mqtt != null ? mqtt : (gateway, receipt) -> {};
  }

  private static Downlink downlink(@Nullable MqttLink mqtt, @Nullable ReceiptSink own) {
    if (own instanceof Downlink caught) {
      return caught;
    }
    return mqtt != null ? mqtt : (topic, payload, retain) -> {};
  }

  private Map<String, Supplier<Check>> checks(
      Reads reads, @Nullable MqttLink mqtt, IngestMetrics metrics) {
    Map<String, Supplier<Check>> checks = new LinkedHashMap<>();
    checks.put(
        "database",
        () -> {
          database.jdbi().useHandle(h -> h.execute("SELECT 1"));
          return new Check(true, database.level().key());
        });
    if (reads.configured()) {
      // Without its replica the hub answers everything all the same.
      checks.put("reads", () -> new Check(true, reads.told()));
    }
    if (mqtt != null) {
      checks.put(
          "broker",
          () -> new Check(mqtt.connected(), mqtt.connected() ? "connected" : "not connected"));
    }
    checks.put(
        "ingest",
        () -> {
          Duration stuck = metrics.stuck();
          return new Check(
              stuck.compareTo(STUCK) < 0,
              stuck.isZero()
                  ? "flowing"
                  : "waits for the database since " + stuck.toSeconds() + " s");
        });
    return checks;
  }
}
