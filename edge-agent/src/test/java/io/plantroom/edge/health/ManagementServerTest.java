package io.plantroom.edge.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.edge.config.EdgeConfig.Management;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {
  private static final Management ANYWHERE = new Management(null, null);

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2));
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() throws Exception {
    soon(vertx.close());
  }

  private static <T> T soon(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private CompletableFuture<HttpResponse<String>> ask(HttpServer server, String path) {
    URI uri = URI.create("http://127.0.0.1:" + server.actualPort() + path);
    return http.sendAsync(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void whoWaitsForTheDiskDoesNotHoldUpTheOthers() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch disk = new CountDownLatch(1);
    AgentView slow =
        (AgentView)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {AgentView.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("outbox")) {
                    asked.countDown();
                    disk.await();
                    throw new IllegalStateException("the test is over");
                  }
                  return method.getReturnType() == List.class ? List.of() : null;
                });
    HttpServer server = soon(ManagementServer.start(vertx, slow, ANYWHERE));
    CompletableFuture<HttpResponse<String>> waiting = ask(server, "/health");
    try {
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      // By the same event loop, for there is only one.
      assertThat(ask(server, "/nothing").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(404);
      assertThat(waiting).isNotDone();
    } finally {
      disk.countDown();
    }
    assertThat(waiting.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(500);
  }

  @Test
  void anAgentThatCannotBeginSaysWhy() throws Exception {
    HttpServer server = soon(ManagementServer.startDown(vertx, "disk full: no room", ANYWHERE));
    HttpResponse<String> said = ask(server, "/health").get(20, TimeUnit.SECONDS);
    assertThat(said.statusCode()).isEqualTo(503);
    assertThat(said.body()).contains("DOWN").contains("disk full: no room");
  }
}
