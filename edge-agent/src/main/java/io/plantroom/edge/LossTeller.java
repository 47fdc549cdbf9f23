package io.plantroom.edge;

import io.plantroom.edge.outbox.Loss;
import io.plantroom.edge.outbox.Outbox;
import io.plantroom.edge.outbox.Outboxes;
import io.plantroom.edge.outbox.RecordClass;
import io.plantroom.edge.poll.ClockTrust;
import io.plantroom.wire.Event;
import java.time.InstantSource;
import java.util.List;

/** Turns what an outbox has lost into events, so that each hole at the hub has its reason. */
final class LossTeller {
  private final Outboxes outboxes;
  private final InstantSource clock;
  private final ClockTrust trust;

  LossTeller(Outboxes outboxes, InstantSource clock, ClockTrust trust) {
    this.outboxes = outboxes;
    this.clock = clock;
    this.trust = trust;
  }

  /** Tells each loss at least once: it is struck out only when its event is safe. */
  void tell() {
    for (RecordClass type : RecordClass.values()) {
      Outbox<?> outbox = outboxes.of(type);
      for (Loss loss : outbox.untold()) {
        outboxes
            .events()
            .append(
                List.of(
                    new Event.RecordsLost(
                        clock.instant(),
                        trust.trusted(),
                        type.lane(),
                        outbox.epoch(),
                        loss.from(),
                        loss.to(),
                        loss.reason(),
                        loss.oldest(),
                        loss.newest(),
                        loss.detail())));
        outbox.told(loss);
      }
    }
  }
}
