package io.plantroom.edge.driver.modbus;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A connection or serial line, shared by the units of a bus: one question at a time. */
interface ModbusLine extends AutoCloseable {
  /**
   * Asks once.
   *
   * @param pause to wait before, because the unit wants it
   * @return what the question understood; fails with a {@link BadAnswer}, or with a {@code
   *     DriverException} when there was no answer. Always ends
   */
  CompletableFuture<int[]> ask(Question question, Duration timeout, Duration pause);

  /** Lets the line go; the next question takes it up again. */
  @Override
  void close();
}
