package io.plantroom.wire;

import io.plantroom.telemetry.Lane;

/**
 * What a frame is, readable even when its body is not.
 *
 * @param gateway code of the sending gateway
 * @param epoch identity of the queue the records come from, random, made when the queue is made; a
 *     new disk is a new epoch, so its sequence 1 is never taken for a repeat
 * @param firstSequence sequence of the first record; records are numbered 1, 2, 3 … per lane and
 *     epoch without a hole
 * @param count number of records
 * @param firstKept oldest sequence the gateway still has. When it equals {@code firstSequence} the
 *     records before it are gone for good, and the hub must not ask for them
 * @param round how often the gateway has rewound this lane since it started; a receipt repeats it,
 *     so that a late answer to an earlier attempt does not rewind again
 */
public record FrameHeader(
    String gateway,
    Lane lane,
    long epoch,
    long firstSequence,
    int count,
    long firstKept,
    int round) {

  /** Records in one frame at most; a frame that claims more is refused. */
  public static final int MAX_COUNT = 10_000;

  public FrameHeader {
    if (count < 1 || count > MAX_COUNT) {
      throw new IllegalArgumentException("count must be 1 to " + MAX_COUNT + ", got " + count);
    }
    if (firstKept < 1 || firstSequence < firstKept) {
      throw new IllegalArgumentException(
          "sequence " + firstSequence + " must not be below the first kept " + firstKept);
    }
    if (round < 0) {
      throw new IllegalArgumentException("round must not be negative, got " + round);
    }
  }

  public long lastSequence() {
    return firstSequence + count - 1;
  }
}
