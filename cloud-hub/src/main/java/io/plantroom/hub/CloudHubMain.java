package io.plantroom.hub;

import io.plantroom.hub.backup.BackupCommands;
import io.plantroom.hub.config.HubConfig;
import io.plantroom.hub.database.UnreleasedTablesException;
import io.plantroom.hub.http.Json;
import io.plantroom.yaml.YamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The hub as a program. Exit code 143 after SIGTERM, 1 when it cannot start, 2 for bad usage. */
@Command(
    name = "plantroom-hub",
    mixinStandardHelpOptions = true,
    versionProvider = CloudHubMain.Version.class,
    description = "Takes in what the gateways send, and serves consoles and billing systems.")
public final class CloudHubMain implements Callable<Integer>, BackupCommands.Parent {
  private static final Logger LOGGER = LoggerFactory.getLogger(CloudHubMain.class);

  @Option(
      names = "--config",
      required = true,
      scope = CommandLine.ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "hub.yaml; see the example beside the installation")
  private Path config = Path.of("hub.yaml");

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description = "written once the hub answers: {\"http\":port,\"management\":port}")
  private @Nullable Path readyFile;

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The hub itself, and the commands for its data. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new CloudHubMain());
    BackupCommands.addTo(line);
    line.addSubcommand(new RaiseLevelCommand());
    return line.setUsageHelpAutoWidth(true);
  }

  @Override
  public Path hubYaml() {
    return config;
  }

  @Override
  public Integer call() throws Exception {
    HubConfig loaded;
    CloudHub hub;
    try {
      loaded = HubConfig.load(config);
      hub = CloudHub.start(loaded);
    } catch (YamlException | UnreleasedTablesException e) {
      System.err.println(e.getMessage());
      return 1;
    } catch (Exception e) {
      LOGGER.atError().setCause(e).log("the hub cannot start");
      return 1;
    }
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(stop, stopped), "shutdown"));
    LOGGER
        .atInfo()
        .addKeyValue("version", CloudHub.version())
        .addKeyValue("http", hub.httpPort())
        .addKeyValue("management", hub.managementPort())
        .log("hub ready");
    if (readyFile != null) {
      writeReady(readyFile, hub);
    }
    stop.await();
    hub.close();
    LOGGER.info("hub stopped");
    stopped.countDown();
    return 0;
  }

  private static void shutDown(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whoever waits for the file never sees half of it. */
  private static void writeReady(Path file, CloudHub hub) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(
        part,
        Json.write(
            new TreeMap<>(Map.of("http", hub.httpPort(), "management", hub.managementPort()))));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"plantroom-hub " + CloudHub.version()};
    }
  }
}
