package io.plantroom.edge.driver.modbus;

import io.plantroom.profile.RegisterTable;
import java.util.Arrays;

/** Function 5 for a coil, 6 for one register, 16 for several. Understood as nothing. */
final class WriteQuestion implements Question {
  private final int unit;
  private final RegisterTable table;
  private final int first;
  private final int[] values;

  WriteQuestion(int unit, RegisterTable table, int first, int[] values) {
    if (table == RegisterTable.DISCRETE_INPUT || table == RegisterTable.INPUT_REGISTER) {
      throw new IllegalArgumentException("inputs cannot be written");
    }
    if (table == RegisterTable.COIL && values.length != 1) {
      throw new IllegalArgumentException("coils are written one by one");
    }
    this.unit = unit;
    this.table = table;
    this.first = first;
    this.values = values;
  }

  @Override
  public int unit() {
    return unit;
  }

  @Override
  public byte[] pdu() {
    int one = table == RegisterTable.COIL ? values[0] == 0 ? 0 : 0xFF00 : values[0];
    if (function() != 16) {
      return new byte[] {
        (byte) function(), (byte) (first >> 8), (byte) first, (byte) (one >> 8), (byte) one
      };
    }
    byte[] pdu = new byte[6 + 2 * values.length];
    pdu[0] = 16;
    pdu[1] = (byte) (first >> 8);
    pdu[2] = (byte) first;
    pdu[4] = (byte) values.length;
    pdu[5] = (byte) (2 * values.length);
    for (int i = 0; i < values.length; i++) {
      pdu[6 + 2 * i] = (byte) (values[i] >> 8);
      pdu[7 + 2 * i] = (byte) values[i];
    }
    return pdu;
  }

  @Override
  public boolean repeatable() {
    return false;
  }

  /** The answer repeats the first five bytes of the request. */
  @Override
  public int[] understand(byte[] answer) throws BadAnswer {
    expectFunction(answer, function());
    if (!Arrays.equals(answer, Arrays.copyOf(pdu(), 5))) {
      throw BadAnswer.mismatch("the answer is not about what was written");
    }
    return new int[0];
  }

  private int function() {
    return table == RegisterTable.COIL ? 5 : values.length == 1 ? 6 : 16;
  }
}
