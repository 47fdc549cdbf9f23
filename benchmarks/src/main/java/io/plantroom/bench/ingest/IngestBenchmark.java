package io.plantroom.bench.ingest;

import io.plantroom.bench.LevelBenchmark;
import io.plantroom.bench.Outcome;
import io.plantroom.bench.database.Server;
import io.plantroom.hub.database.DatabaseLevel;

/** From the payload of a frame to the commit that its receipt promises. */
public final class IngestBenchmark implements LevelBenchmark {
  @Override
  public String about() {
    return "samples/s from payload to commit, against raw binary COPY of the same rows";
  }

  @Override
  public Outcome run(DatabaseLevel level) throws Exception {
    try (Server server = Server.start(level)) {
      StoreRates rates = StoreRates.measure(server);
      return new Outcome(rates.hub(), "samples/s", "raw-copy", rates.rawCopy());
    }
  }
}
