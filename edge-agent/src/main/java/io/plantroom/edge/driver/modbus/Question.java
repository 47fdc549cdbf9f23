package io.plantroom.edge.driver.modbus;

/** One request to one unit, and what is a right answer to it. */
interface Question {
  int EXCEPTION = 0x80;

  int unit();

  /** Function code and data, as they go into a frame of any kind. */
  byte[] pdu();

  /** Whether asking twice is the same as asking once. */
  boolean repeatable();

  /**
   * What the answer says.
   *
   * @param answer function code and data
   * @throws BadAnswer when it is an exception or does not match
   */
  int[] understand(byte[] answer) throws BadAnswer;

  /** Refuses what is not an answer to this function. */
  default void expectFunction(byte[] answer, int function) throws BadAnswer {
    int got = answer.length == 0 ? -1 : answer[0] & 0xFF;
    if (got == (function | EXCEPTION) && answer.length == 2) {
      throw BadAnswer.refused(answer[1] & 0xFF);
    }
    if (got != function) {
      throw BadAnswer.mismatch("function " + got + " in answer to " + function);
    }
  }
}
