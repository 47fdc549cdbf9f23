package io.plantroom.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The whole system on this machine, with embedded parts. */
@Command(
    name = "./demo",
    mixinStandardHelpOptions = true,
    description =
        "Runs database, broker, a simulated building, its gateway, the hub and the console.")
public final class DemoMain implements Callable<Integer> {

  @Option(names = "--home", hidden = true, description = "the checkout")
  Path home = Path.of(".");

  @Option(names = "--data", description = "where the demo keeps its data (default: .demo)")
  @Nullable Path data;

  @Option(names = "--once", description = "walk the way of the data once, then stop")
  boolean once;

  @Option(names = "--reset", description = "forget all data of earlier runs first")
  boolean reset;

  @Option(
      names = "--timescaledb",
      description = "a real TimescaleDB from Debian's packages instead of the embedded PostgreSQL")
  boolean timescale;

  public static void main(String[] args) {
    CommandLine line = new CommandLine(new DemoMain());
    line.setExecutionExceptionHandler(
        (e, command, result) -> {
          command.getErr().println("demo: " + e.getMessage());
          return 1;
        });
    System.exit(line.execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path folder = data == null ? home.resolve(".demo") : data;
    if (reset) {
      forget(folder);
    }
    long begin = System.nanoTime();
    DemoSystem.Options options =
        new DemoSystem.Options(new Home(home), folder, timescale, !once, 0, 0);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Steps steps = new Steps(System.out);
    say(
        "starting database, broker, building, gateway and hub; logs are in "
            + folder.resolve("logs"));
    try (DemoSystem system = DemoSystem.start(options, DemoMain::say)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(asked, ended)));
      say(
          String.format(
              Locale.ROOT,
              "all parts serve after %.1f s, on %s",
              (System.nanoTime() - begin) / 1e9,
              system.database().name()));
      takeOver(system, steps, folder);
      if (once) {
        new SmokeTest(system, steps, System.out).run();
        say("the whole way works");
        return 0;
      }
      tell(system);
      while (!asked.await(2, TimeUnit.SECONDS)) {
        if (!system.fallen().isEmpty()) {
          throw new IOException(system.fallen());
        }
      }
      say("stopping");
      return 0;
    } finally {
      ended.countDown();
    }
  }

  /** On the first start: waits for the first values, then enters the readings of a month ago. */
  static void takeOver(DemoSystem system, Steps steps, Path folder) throws Exception {
    Path mark = folder.resolve("hub/taken-over");
    if (Files.exists(mark)) {
      return;
    }
    HubClient admin = system.admin();
    int meters = billedDevices(system);
    steps.await(
        "the hub knows all meters",
        Duration.ofSeconds(60),
        () -> admin.get("meters?site=" + SmokeTest.SITE).size() >= meters ? true : null);
    steps.now("entered the readings of a month ago", () -> Takeover.enter(system, admin));
    Files.writeString(mark, "");
  }

  private static int billedDevices(DemoSystem system) throws Exception {
    Set<String> devices = new HashSet<>();
    for (JsonNode register : system.building().registers(Instant.now())) {
      devices.add(register.get("device").asText());
    }
    return devices.size();
  }

  private static void tell(DemoSystem system) throws IOException {
    DemoFiles files = system.files();
    String base = "http://127.0.0.1:" + system.hubPort();
    System.out.println();
    System.out.println("  Console / 控制台:   " + base + "/");
    System.out.println("  user / 用户:        admin");
    System.out.println("  password / 密码:    " + Files.readString(files.adminPassword()).strip());
    System.out.println();
    System.out.println(
        "  Make a pump run dry:  curl -X PUT http://127.0.0.1:"
            + system.buildingPort()
            + "/devices/pump-supply-1/faults/dry-run");
    System.out.println(
        "  Pull the readings:    curl -H \"Authorization: Bearer $(cat "
            + files.billingToken()
            + ")\" '"
            + base
            + "/api/v1/readings?limit=100'");
    System.out.println(
        "  Health of the agent:  http://127.0.0.1:" + system.agentPort() + "/health");
    System.out.println();
    System.out.println(
        "  Ctrl-C stops everything; the next ./demo goes on from here, ./demo --reset forgets it.");
  }

  /** Runs when the JVM is told to stop: lets the main thread end all parts first. */
  private static void end(CountDownLatch asked, CountDownLatch ended) {
    asked.countDown();
    try {
      if (!ended.await(60, TimeUnit.SECONDS)) {
        System.err.println("demo: some parts did not stop within 60 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void forget(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.exists(folder.resolve("certificates")) && !Files.exists(folder.resolve("run"))) {
      throw new IOException(folder + " does not look like data of the demo; not removed");
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void say(String line) {
    System.out.println("demo: " + line);
  }
}
