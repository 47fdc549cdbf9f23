package io.plantroom.bench.ingest;

import io.plantroom.bench.database.Cpu;

/**
 * What it took to store rows.
 *
 * @param rows a second
 * @param cpu seconds of client and server together for a million rows
 * @param serverCpu those of the server alone
 */
public record Rate(double rows, double cpu, double serverCpu) {
  static Rate of(long rows, double seconds, Cpu cpu) {
    return new Rate(rows / seconds, cpu.seconds() * 1e6 / rows, cpu.serverSeconds() * 1e6 / rows);
  }
}
