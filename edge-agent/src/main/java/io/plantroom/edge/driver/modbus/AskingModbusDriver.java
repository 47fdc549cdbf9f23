package io.plantroom.edge.driver.modbus;

import io.plantroom.edge.driver.AskingDriver;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.profile.Limits;
import io.plantroom.profile.Point;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One unit on a line that keeps no thread waiting. */
final class AskingModbusDriver extends ModbusDriver implements AskingDriver {
  AskingModbusDriver(
      ModbusLine line, int unit, Limits limits, InstantSource clock, Runnable onClose) {
    super(line, unit, limits, clock, onClose);
  }

  @Override
  public CompletableFuture<List<RawValue>> ask(List<Point> points) {
    return poll(points);
  }

  @Override
  public List<RawValue> read(List<Point> points) throws DriverException {
    return super.read(points);
  }
}
