package io.plantroom.bench.sick;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Folders;
import io.plantroom.bench.Outcome;
import io.plantroom.bench.ProcessStatus;
import io.plantroom.bench.poll.PollWork;
import io.plantroom.bench.poll.Slaves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The shipped agent as a process of its own, without a hub, so that its outbox fills. Linux. */
public final class AgentMemoryBenchmark implements Benchmark {
  private static final int DEVICES = 200;
  private static final int SECONDS = Integer.getInteger("bench.seconds", 120);
  private static final double LIMIT_MB = 256;
  private static final Path JAR = Path.of("edge-agent/target/edge-agent.jar");
  private static final PollWork WORK = PollWork.every(Duration.ofSeconds(1));

  @Override
  public String about() {
    return "resident MB of the shipped agent, 200 devices x 50 points at 1 s, -Xmx128m";
  }

  @Override
  public Outcome run() throws Exception {
    Path folder = Folders.fresh();
    try (Slaves slaves = Slaves.start(DEVICES)) {
      Path config = configure(folder, slaves.ports());
      long began = System.nanoTime();
      Process agent = start(folder, config);
      try {
        awaitFile(folder.resolve("ready.json"), agent);
        double startUp = (System.nanoTime() - began) / 1e9;
        double most = 0;
        double last = 0;
        for (int i = 0; i < SECONDS; i++) {
          TimeUnit.SECONDS.sleep(1);
          last = ProcessStatus.megabytes(agent.pid(), "VmRSS");
          most = Math.max(most, last);
        }
        System.out.printf(
            Locale.ROOT,
            "ready after %.1f s; resident at the end %.0f MB, of which files %.0f MB; most seen %.0f"
                + " MB; %d threads%n",
            startUp,
            last,
            ProcessStatus.megabytes(agent.pid(), "RssFile"),
            most,
            ProcessStatus.number(agent.pid(), "Threads"));
        return new Outcome(most, "MB", "limit", LIMIT_MB);
      } finally {
        agent.destroy();
        if (!agent.waitFor(20, TimeUnit.SECONDS)) {
          agent.destroyForcibly().waitFor();
        }
      }
    } finally {
      Folders.delete(folder);
    }
  }

  private static Path configure(Path folder, List<Integer> ports) throws IOException {
    Path profiles = Files.createDirectories(folder.resolve("profiles"));
    Files.writeString(profiles.resolve("bench-registers.yaml"), WORK.yaml());
    String yaml =
        """
        gateway: bench
        data: data
        management: { host: 127.0.0.1, port: 0 }
        profile-folders: [profiles]
        devices:
        """
            + WORK.entries(ports);
    return Files.writeString(folder.resolve("edge.yaml"), yaml);
  }

  private static Process start(Path folder, Path config) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-jar",
            JAR.toAbsolutePath().toString(),
            "run",
            "--config",
            config.toString(),
            "--ready-file",
            folder.resolve("ready.json").toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("agent.log").toFile())
        .start();
  }

  private static void awaitFile(Path file, Process agent) throws Exception {
    while (!Files.exists(file)) {
      if (!agent.isAlive()) {
        throw new IOException(
            "the agent ended: " + Files.readString(file.resolveSibling("agent.log")));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
