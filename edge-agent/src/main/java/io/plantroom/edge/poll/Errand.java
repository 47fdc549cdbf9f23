package io.plantroom.edge.poll;

import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.ProtocolDriver;

/** Something to be done with a device between its polls, with the bus to itself. May wait. */
@FunctionalInterface
public interface Errand<T> {
  T run(ProtocolDriver driver) throws DriverException;
}
