package io.plantroom.wire;

import io.plantroom.telemetry.Lane;
import org.jspecify.annotations.Nullable;

/**
 * The hub's word on one frame, sent only after the database has committed.
 *
 * @param watermark all records of (lane, epoch) up to this sequence are committed: the gateway may
 *     free them; 0 when there is none
 * @param round the round of the frame that is answered
 * @param reason for people, when the outcome is not COMMITTED
 */
public record Receipt(
    Lane lane, long epoch, long watermark, Outcome outcome, int round, @Nullable String reason) {

  /** What became of the frame. */
  public enum Outcome {
    /** Stored now or before. Also when it was set aside in quarantine, where nothing is lost. */
    COMMITTED,
    /**
     * Not stored because records between the watermark and the frame are missing: send from there.
     */
    HOLE,
    /**
     * Not stored because this gateway is not known to the hub or blocked: keep everything, try
     * later.
     */
    REFUSED
  }
}
