package io.plantroom.bench;

import io.plantroom.hub.database.DatabaseLevel;

/** A measurement that can be had at each level of database. */
public interface LevelBenchmark extends Benchmark {
  /** Measures at that level. */
  Outcome run(DatabaseLevel level) throws Exception;

  @Override
  default Outcome run() throws Exception {
    return run(DatabaseLevel.POSTGRESQL);
  }
}
