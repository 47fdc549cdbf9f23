package io.plantroom.hub.http;

import org.jspecify.annotations.Nullable;

/** One operation of the contract. Runs on a worker thread and may block. */
@FunctionalInterface
public interface Operation {
  /** The body of the answer, a {@link Reply}, or null for 204. */
  @Nullable Object run(Call call) throws Exception;
}
