package io.plantroom.bench;

/** Something that goes on by itself. */
@FunctionalInterface
public interface Running {
  void stop() throws Exception;
}
