package io.plantroom.bench.told;

import io.plantroom.bench.Running;

/** One way to be told. */
@FunctionalInterface
interface Listener {
  Running start(int port, ToldWork work, Told told) throws Exception;
}
