package io.plantroom.edge.driver.modbus;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** How questions and answers are wrapped on a line. Without state. */
interface Framing {
  /** Longer than any frame. */
  int LONGEST = 300;

  byte[] frame(int transaction, int unit, byte[] pdu);

  /**
   * Takes the first frame from what has come, or leaves all as it is when it is not whole yet.
   *
   * @throws BadAnswer when this is not the beginning of a frame
   */
  @Nullable Frame next(ByteBuffer in) throws BadAnswer;

  /** Whether a frame says to which question it belongs. */
  boolean numbered();

  /** What came. */
  final class Frame {
    private final int transaction;
    private final int unit;
    private final byte[] pdu;

    /**
     * A frame.
     *
     * @param transaction 0 where the framing has no such number
     */
    Frame(int transaction, int unit, byte[] pdu) {
      this.transaction = transaction;
      this.unit = unit;
      this.pdu = pdu;
    }

    int transaction() {
      return transaction;
    }

    int unit() {
      return unit;
    }

    byte[] pdu() {
      return pdu;
    }
  }
}
