package io.plantroom.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The shipped broker, hub and gateway without a building: the gateway has no devices, only what
 * already lies in its outbox. For measurements of how a backlog drains, or with further gateways
 * that the caller plays.
 */
public final class BacklogRun implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final Home home;
  private final DemoFiles files;
  private final EmbeddedDatabase database;
  private final int brokerPort = Ports.free();
  private final int hubPort = Ports.free();
  private final Part hub;

  private BacklogRun(Home home, DemoFiles files, EmbeddedDatabase database) throws IOException {
    this.home = home;
    this.files = files;
    this.database = database;
    this.hub = part("hub", home.cloudHub(), 384);
  }

  /**
   * Starts database, broker and hub; the gateway stays off.
   *
   * @param checkout a built checkout
   * @param data an empty folder for all their files
   * @throws Exception when one of them does not come up; what had begun is ended
   */
  public static BacklogRun begin(Path checkout, Path data) throws Exception {
    return begin(checkout, data, List.of());
  }

  /**
   * The same.
   *
   * @param others codes of more gateways, which get certificates and are known to the hub
   */
  public static BacklogRun begin(Path checkout, Path data, List<String> others) throws Exception {
    Home home = new Home(checkout);
    DemoFiles files = new DemoFiles(data.toAbsolutePath().normalize());
    files.prepare();
    List<String> gateways = new ArrayList<>(others);
    gateways.add(DemoFiles.GATEWAY);
    DevelopmentCa.ensure(files.certificates(), gateways.toArray(String[]::new));
    EmbeddedDatabase database = EmbeddedDatabase.start(files.data().resolve("database"));
    BacklogRun run = new BacklogRun(home, files, database);
    run.running.push(database);
    try {
      run.startHub(others);
      return run;
    } catch (Exception e) {
      run.close();
      throw e;
    }
  }

  private void startHub(List<String> others) throws Exception {
    Path stores = files.certificates();
    String folder = files.data().resolve("broker").toString();
    start(
            part("broker", home.broker(), 384)
                .told("--port", "" + brokerPort)
                .told("--data", folder)
                .told("--key-store", stores.resolve("broker.p12").toString())
                .told("--trust-store", stores.resolve("trust.p12").toString())
                .told("--password-file", stores.resolve("store-password").toString()))
        .awaitReady(START);
    Path config = files.hub(database, brokerPort, hubPort, Ports.free());
    StringBuilder more = new StringBuilder();
    for (String gateway : others) {
      more.append("  - {code: ")
          .append(gateway)
          .append(", site: riverside, name: {zh: 网关, en: Gateway}}\n");
    }
    Files.writeString(config.resolveSibling("organisation.yaml"), more, StandardOpenOption.APPEND);
    start(hub.told("--config", config.toString())).awaitReady(START);
  }

  /** The hub's process, with 384 MB of heap. */
  public ProcessHandle hub() {
    return ProcessHandle.of(hub.pid()).orElseThrow();
  }

  /** Where the hub's API answers on the loopback address. */
  public int hubPort() {
    return hubPort;
  }

  /** Of user {@code admin}. */
  public String adminPassword() throws IOException {
    return Files.readString(files.adminPassword()).strip();
  }

  /** Where the broker listens for TLS on the loopback address. */
  public int brokerPort() {
    return brokerPort;
  }

  /** Certificates and keys of all gateways, PEM, named after them, and {@code ca.pem}. */
  public Path certificates() {
    return files.certificates();
  }

  /** Where the gateway's outbox lies; to be filled before {@link #startGateway}. */
  public Path outbox() {
    return files.data().resolve("agent/data/outbox");
  }

  /**
   * Lets the gateway begin to drain.
   *
   * @param heapMegabytes its {@code -Xmx}
   * @param quotaMegabytes what its outbox may keep; more than lies there
   * @return its process
   */
  public ProcessHandle startGateway(int heapMegabytes, int quotaMegabytes) throws Exception {
    Path config =
        configureGateway(
            "devices: []\n", Files.createDirectories(files.data().resolve("profiles")));
    String text = Files.readString(config);
    Files.writeString(config, text.replace("flush: 1s", "flush: 1s, quota-mb: " + quotaMegabytes));
    Part agent =
        part("agent", home.edgeAgent(), heapMegabytes)
            .told("run")
            .told("--config", config.toString());
    start(agent).awaitReady(START);
    return ProcessHandle.of(agent.pid()).orElseThrow();
  }

  /**
   * Writes the gateway's files, for one that somebody else starts.
   *
   * @param devices its list of devices, YAML
   * @param profiles folder with models of their own
   * @return its configuration
   */
  public Path configureGateway(String devices, Path profiles) throws IOException {
    Path config = files.edge(brokerPort, Ports.free());
    // The building would write its list of devices here.
    Files.writeString(files.edgeDevices(), devices);
    String text = Files.readString(config);
    Files.writeString(
        config, text.replace("profile-folders: []", "profile-folders: ['" + profiles + "']"));
    return config;
  }

  /** Samples the hub has committed so far. */
  public long committed() throws SQLException {
    return committed(url());
  }

  /** The same for a process that knows only the {@link #url}. */
  public static long committed(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT coalesce(sum(last_seq), 0) FROM ingest_watermark WHERE lane = 1")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** For a peer that works on the same database. */
  public String url() {
    return database.url() + "?user=" + database.user() + "&password=" + database.password();
  }

  private Part part(String name, Path jar, int megabytes) {
    return new Part(name, jar, Home.flags(megabytes), List.of(), files.run(), files.logs());
  }

  private Part start(Part part) throws IOException {
    running.push(part);
    part.start();
    return part;
  }

  /** Ends all, the last started first. */
  @Override
  public void close() throws IOException {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        throw new IOException("a part did not stop: " + e.getMessage(), e);
      }
    }
  }
}
