package io.plantroom.edge.outbox;

import io.plantroom.wire.Event.LossReason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Records of one outbox that the hub will never get.
 *
 * @param from first and {@code to} last of their sequences
 * @param oldest time of the oldest of them, as far as it is known, and {@code newest} of the newest
 * @param detail for people: what happened, where the rest lies
 */
public record Loss(
    LossReason reason,
    long from,
    long to,
    @Nullable Instant oldest,
    @Nullable Instant newest,
    @Nullable String detail) {

  public long count() {
    return to - from + 1;
  }

  boolean covers(Loss other) {
    return from <= other.from && other.to <= to;
  }
}
