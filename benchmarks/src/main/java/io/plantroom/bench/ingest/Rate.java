package io.plantroom.bench.ingest;

/**
 * @param rows a second
 * @param cpu seconds of client and server together for a million rows
 */
record Rate(double rows, double cpu) {
  static Rate of(long rows, double seconds, double cpu) {
    return new Rate(rows / seconds, cpu * 1e6 / rows);
  }
}
