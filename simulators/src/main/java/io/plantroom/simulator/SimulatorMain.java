package io.plantroom.simulator;

import io.plantroom.profile.ProfileCatalog;
import io.plantroom.simulator.coap.CoapBus;
import io.plantroom.yaml.YamlException;
import io.plantroom.yaml.YamlFile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plays a building until it is told to stop. */
@Command(
    name = "simulators",
    mixinStandardHelpOptions = true,
    description = "A building that does not exist, with devices that really answer.")
public final class SimulatorMain implements Callable<Integer> {
  private static final Logger LOGGER = LoggerFactory.getLogger(SimulatorMain.class);

  @Option(names = "--building", paramLabel = "FILE", description = "the shipped one unless said")
  private @Nullable Path building;

  @Option(
      names = "--profiles",
      paramLabel = "DIR",
      description = "profiles of one's own, besides those that come with the product")
  private @Nullable Path profiles;

  @Option(
      names = "--ledger",
      paramLabel = "FILE",
      description = "where tally devices note every value they answer")
  private @Nullable Path ledger;

  @Option(names = "--seed", paramLabel = "N", description = "same seed, same course of everything")
  private long seed = 1;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "remembers when the building began, so that counters go on after a restart")
  private @Nullable Path state;

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description = "written as JSON with all ports when everything answers")
  private @Nullable Path readyFile;

  @Option(names = "--api-port", paramLabel = "N", description = "of the fault API, 0 for any")
  private int apiPort;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description = "of the buses; default ${DEFAULT-VALUE}")
  private String bind = "127.0.0.1";

  @Option(
      names = "--edge-devices",
      paramLabel = "FILE",
      description = "written when ready: the devices as the edge agent's configuration")
  private @Nullable Path edgeDevices;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SimulatorMain()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    try (SimulatedBuilding running = SimulatedBuilding.start(options())) {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    stop.countDown();
                    try {
                      stopped.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
      announce(running);
      stop.await();
    } catch (YamlException e) {
      System.err.println(e.getMessage());
      return 2;
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return 1;
    } finally {
      stopped.countDown();
    }
    return 0;
  }

  private Options options() throws YamlException {
    Options options =
        building == null ? Options.shipped() : Options.of(YamlFile.read(building), catalog());
    return options
        .withSeed(seed)
        .withState(state)
        .withBind(bind)
        .withApiPort(apiPort)
        .withLedger(ledger);
  }

  private ProfileCatalog catalog() throws YamlException {
    if (profiles == null) {
      return ProfileCatalog.builtIn();
    }
    ProfileCatalog.Extended all = ProfileCatalog.builtIn().withFolder(profiles);
    if (!all.problems().isEmpty()) {
      throw new YamlException(all.problems());
    }
    return all.catalog();
  }

  private void announce(SimulatedBuilding running) throws IOException {
    if (edgeDevices != null) {
      Beginning.write(edgeDevices.resolveSibling(EdgeDevices.KEY_FILE), CoapBus.KEY);
      Beginning.write(edgeDevices, EdgeDevices.yaml(running));
    }
    if (readyFile != null) {
      JsonObject buses = new JsonObject();
      running.ports().forEach(buses::put);
      JsonObject ready = new JsonObject().put("api", running.apiPort()).put("buses", buses);
      Beginning.write(readyFile, ready.encode() + "\n");
    }
    LOGGER
        .atInfo()
        .addKeyValue("site", running.building().site().en())
        .addKeyValue("devices", running.devices().size())
        .addKeyValue("since", running.since())
        .addKeyValue("api", running.apiPort())
        .addKeyValue("buses", running.ports())
        .log("simulated building is ready");
  }
}
