package io.plantroom.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.edge.outbox.Outbox;
import io.plantroom.edge.outbox.RecordClass;
import io.plantroom.edge.poll.DeviceStatus;
import io.plantroom.wire.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A whole agent without a hub, at devices that answer. */
final class TestAgent {
  private TestAgent() {}

  /** Started from a file in which nothing is wrong; returns when all of its devices answer. */
  static EdgeAgent online(Path edgeYaml) throws Exception {
    EdgeConfig config = EdgeConfig.load(edgeYaml);
    assertThat(config.problems()).isEmpty();
    EdgeAgent agent = new EdgeAgent(config, InstantSource.system(), e -> {});
    try {
      agent.start();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> agent.devices().stream().allMatch(DeviceStatus::online));
      return agent;
    } catch (Exception | Error e) {
      agent.close();
      throw e;
    }
  }

  /** What waits in its outbox for the hub, oldest first. */
  static <T extends Event> Stream<T> events(EdgeAgent of, Class<T> type) {
    List<Object> all = new ArrayList<>();
    Outbox<?> outbox = of.outbox(RecordClass.EVENTS);
    long next = 1;
    Outbox.Batch<?> batch = outbox.peek(next, 500, 1 << 20);
    while (!batch.records().isEmpty()) {
      all.addAll(batch.records());
      next = batch.lastSequence() + 1;
      batch = outbox.peek(next, 500, 1 << 20);
    }
    return all.stream().filter(type::isInstance).map(type::cast);
  }
}
