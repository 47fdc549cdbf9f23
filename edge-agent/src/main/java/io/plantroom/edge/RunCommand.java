package io.plantroom.edge;

import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.edge.health.ManagementServer;
import io.plantroom.edge.outbox.OutboxException;
import io.plantroom.edge.uplink.Uplinks;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs until it is told to end (SIGTERM, SIGINT). */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Reads the devices and brings what they say to the hub. 采集并上报")
final class RunCommand implements Callable<Integer> {
  private static final Logger LOGGER = LoggerFactory.getLogger(RunCommand.class);
  private static final int DISK_FAILED = 74;

  @Mixin private ConfigOption config = new ConfigOption();

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description = "Written when the agent runs: {\"management\": port}. 就绪后写入的文件")
  private @Nullable Path readyFile;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    EdgeConfig loaded = config.load(Objects.requireNonNull(spec).commandLine().getErr());
    if (loaded == null) {
      return 2;
    }
    if (loaded.uplink() != null) {
      try {
        Uplinks.check(loaded.uplink());
      } catch (IllegalArgumentException e) {
        LOGGER.atError().addKeyValue("error", e.getMessage()).log("agent cannot start");
        return 2;
      }
    }
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    AtomicBoolean diskFailed = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  end.countDown();
                  await(ended);
                },
                "stop"));
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2));
    try (EdgeAgent agent =
        new EdgeAgent(loaded, InstantSource.system(), e -> fail(e, diskFailed, end))) {
      HttpServer server =
          ManagementServer.start(vertx, agent, loaded.management())
              .toCompletionStage()
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS);
      agent.start();
      ready(server.actualPort());
      end.await();
    } catch (OutboxException e) {
      LOGGER.atError().addKeyValue("error", e.getMessage()).log("agent cannot start");
      return DISK_FAILED;
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
      ended.countDown();
    }
    return diskFailed.get() ? DISK_FAILED : 0;
  }

  /** A queue whose disk failed must be opened anew: end, so that the service is started again. */
  private static void fail(OutboxException e, AtomicBoolean diskFailed, CountDownLatch end) {
    if (diskFailed.compareAndSet(false, true)) {
      LOGGER.atError().setCause(e).log("agent ends, the outbox cannot be trusted");
      end.countDown();
    }
  }

  private void ready(int port) throws IOException {
    LOGGER.atInfo().addKeyValue("management", port).log("ready");
    if (readyFile != null) {
      Path fresh = readyFile.resolveSibling(readyFile.getFileName() + ".new");
      Files.writeString(fresh, "{\"management\":" + port + "}\n");
      Files.move(
          fresh, readyFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      var inTime = latch.await(15, TimeUnit.SECONDS);
      if (!inTime) {
        LOGGER.atWarn().log("agent did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
