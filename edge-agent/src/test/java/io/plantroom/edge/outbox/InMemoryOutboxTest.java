package io.plantroom.edge.outbox;

import io.plantroom.telemetry.Sample;
import java.nio.file.Path;

class InMemoryOutboxTest extends OutboxContract {
  @Override
  Outbox<Sample> open(Path folder) {
    return new InMemoryOutbox<>(1);
  }
}
