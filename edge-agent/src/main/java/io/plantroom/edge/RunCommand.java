package io.plantroom.edge;

import io.plantroom.edge.commissioning.ConfigOption;
import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.edge.health.ManagementServer;
import io.plantroom.edge.outbox.OutboxException;
import io.plantroom.edge.outbox.OutboxFullException;
import io.plantroom.edge.outbox.Outboxes;
import io.plantroom.edge.page.PagePassword;
import io.plantroom.edge.page.StatusPage;
import io.plantroom.edge.uplink.Uplinks;
import io.vertx.core.Future;
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
import java.util.function.Consumer;
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
  private static final int ROOM_EVERY_SECONDS = 2;

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
    try (EdgeAgent agent = open(loaded, vertx, e -> fail(e, diskFailed, end), end)) {
      if (agent == null) {
        return 0;
      }
      HttpServer server = soon(ManagementServer.start(vertx, agent, loaded.management()));
      EdgeConfig.PageConfig page = loaded.page();
      int pagePort = page == null ? -1 : serve(vertx, agent, loaded, page);
      agent.start();
      ready(server.actualPort(), pagePort);
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

  /** Null when it was told to end before there was room for an outbox. */
  private static @Nullable EdgeAgent open(
      EdgeConfig config, Vertx vertx, Consumer<OutboxException> fatal, CountDownLatch end)
      throws Exception {
    while (end.getCount() > 0) {
      try {
        return new EdgeAgent(config, InstantSource.system(), fatal);
      } catch (OutboxFullException e) {
        // To end would help nobody: whoever looks finds the reason here, and it passes by itself.
        String reason = String.valueOf(e.getMessage());
        LOGGER.atError().addKeyValue("error", reason).log("agent waits for room on the disk");
        HttpServer server = soon(ManagementServer.startDown(vertx, reason, config.management()));
        boolean told = false;
        while (!told && !Outboxes.hasRoom(config.data(), config.outbox().reserveBytes())) {
          told = end.await(ROOM_EVERY_SECONDS, TimeUnit.SECONDS);
        }
        soon(server.close());
      }
    }
    return null;
  }

  private static <T> T soon(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** A queue whose disk failed must be opened anew: end, so that the service is started again. */
  private static void fail(OutboxException e, AtomicBoolean diskFailed, CountDownLatch end) {
    if (diskFailed.compareAndSet(false, true)) {
      LOGGER.atError().setCause(e).log("agent ends, the outbox cannot be trusted");
      end.countDown();
    }
  }

  private static int serve(
      Vertx vertx, EdgeAgent agent, EdgeConfig config, EdgeConfig.PageConfig page)
      throws Exception {
    int port =
        StatusPage.start(vertx, agent, config, page)
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .actualPort();
    boolean open = new PagePassword(config.data()).isSet();
    LOGGER
        .atInfo()
        .addKeyValue("page", port)
        .addKeyValue("password", open ? "set" : "not set: plantroom-edge password")
        .log("status page");
    return port;
  }

  private void ready(int port, int page) throws IOException {
    LOGGER.atInfo().addKeyValue("management", port).log("ready");
    if (readyFile != null) {
      Path fresh = readyFile.resolveSibling(readyFile.getFileName() + ".new");
      String also = page < 0 ? "" : ",\"page\":" + page;
      Files.writeString(fresh, "{\"management\":" + port + also + "}\n");
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
