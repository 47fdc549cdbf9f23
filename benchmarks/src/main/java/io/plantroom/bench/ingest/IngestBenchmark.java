package io.plantroom.bench.ingest;

import io.plantroom.bench.Benchmark;
import io.plantroom.bench.Outcome;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/** From the payload of a frame to the commit that its receipt promises. */
public final class IngestBenchmark implements Benchmark {
  @Override
  public String about() {
    return "samples/s from payload to commit, against raw binary COPY of the same rows";
  }

  @Override
  public Outcome run() throws Exception {
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("shared_buffers", "256MB")
            .setServerConfig("max_wal_size", "4GB")
            .start()) {
      StoreRates rates =
          StoreRates.measure(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
      return new Outcome(rates.hub(), "samples/s", "raw-copy", rates.rawCopy());
    }
  }
}
