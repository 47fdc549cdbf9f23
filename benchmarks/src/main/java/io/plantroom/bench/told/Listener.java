package io.plantroom.bench.told;

import io.plantroom.bench.Running;
import java.util.List;

/** One way to be told. */
@FunctionalInterface
interface Listener {
  Running start(List<Integer> ports, ToldWork work, Told told) throws Exception;
}
