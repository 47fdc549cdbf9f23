package io.plantroom.bench.poll;

import io.plantroom.bench.Running;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** One way to read the devices. */
@FunctionalInterface
interface Reader {
  /**
   * Begins to read; returns when all devices are connected or being connected.
   *
   * @param ports of the devices; their polls are spread over the period
   * @param points grows by what was delivered
   * @return ends it
   */
  Running start(List<Integer> ports, PollWork work, LongAdder points) throws Exception;
}
