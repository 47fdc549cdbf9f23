package io.plantroom.bench.poll;

import io.plantroom.bench.Folders;
import io.plantroom.bench.Fork;
import io.plantroom.bench.Window;
import io.plantroom.deploy.BacklogRun;
import io.plantroom.edge.EdgeAgent;
import io.plantroom.edge.config.EdgeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The whole agent in its own process, delivering at one second to broker and hub, which have
 * processes of their own. What counts is what the hub has committed.
 */
final class HubCase {
  private static final PollWork WARM = PollWork.every(Duration.ofMillis(200));
  private static final int WARM_SECONDS = 15;
  private static final int SETTLE_SECONDS = 8;

  private HubCase() {}

  static Map<String, Double> run(List<Integer> ports) throws Exception {
    Path folder = Folders.fresh();
    try (BacklogRun run = BacklogRun.begin(Path.of(""), folder.resolve("run"))) {
      Path profiles = Files.createDirectories(folder.resolve("profiles"));
      Files.writeString(profiles.resolve("bench-registers.yaml"), WARM.yaml());
      Path config = run.configureGateway("devices:\n" + WARM.entries(ports), profiles);
      return Fork.run(HubCase.class, List.of("hub", config.toString(), run.url()));
    } finally {
      Folders.delete(folder);
    }
  }

  /** Arguments: a word, the agent's configuration, address of the hub's database. */
  public static void main(String[] args) throws Exception {
    Path config = Path.of(args[1]);
    try (EdgeAgent warm = agent(config)) {
      warm.start();
      TimeUnit.SECONDS.sleep(WARM_SECONDS);
    }
    Path devices = config.resolveSibling("devices.yaml");
    Files.writeString(devices, Files.readString(devices).replace("every: 200ms", "every: 1000ms"));
    try (EdgeAgent agent = agent(config)) {
      agent.start();
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      Window.awaitCompiled();
      Fork.print(Window.measure(() -> committed(args[2])).figures());
    }
    System.exit(0);
  }

  private static EdgeAgent agent(Path config) throws Exception {
    EdgeConfig loaded = EdgeConfig.load(config);
    if (!loaded.problems().isEmpty()) {
      throw new IllegalStateException(String.join("; ", loaded.problems()));
    }
    return new EdgeAgent(loaded, InstantSource.system(), e -> System.exit(1));
  }

  private static long committed(String url) {
    try {
      return BacklogRun.committed(url);
    } catch (SQLException e) {
      throw new IllegalStateException("the hub's database does not answer", e);
    }
  }
}
