package io.plantroom.bench;

/** One measurement that anybody can repeat. */
public interface Benchmark {
  /** One line for the list: what is measured, and against what. */
  String about();

  /** Measures both sides in this run. May print what it does; the caller prints the outcome. */
  Outcome run() throws Exception;
}
