package io.plantroom.edge.driver.modbus;

import io.plantroom.profile.RegisterTable;

/** Functions 1 to 4. Understood as registers, or bits as 0 and 1, exactly as many as asked for. */
record ReadQuestion(int unit, RegisterTable table, int first, int count) implements Question {

  @Override
  public byte[] pdu() {
    return new byte[] {
      (byte) function(), (byte) (first >> 8), (byte) first, (byte) (count >> 8), (byte) count
    };
  }

  @Override
  public boolean repeatable() {
    return true;
  }

  @Override
  public int[] understand(byte[] answer) throws BadAnswer {
    expectFunction(answer, function());
    int bytes = table.holdsBits() ? (count + 7) / 8 : count * 2;
    if (answer.length != bytes + 2 || (answer[1] & 0xFF) != bytes) {
      throw BadAnswer.mismatch(
          "answer of " + Math.max(0, answer.length - 2) + " bytes where " + bytes + " belong");
    }
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          table.holdsBits()
              ? answer[2 + i / 8] >> i % 8 & 1
              : (answer[2 + 2 * i] & 0xFF) << 8 | (answer[3 + 2 * i] & 0xFF);
    }
    return values;
  }

  private int function() {
    return switch (table) {
      case COIL -> 1;
      case DISCRETE_INPUT -> 2;
      case HOLDING_REGISTER -> 3;
      case INPUT_REGISTER -> 4;
    };
  }
}
