package io.plantroom.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that goes when it is told to. */
public final class HandClock implements InstantSource {
  private Instant now;

  public HandClock(Instant start) {
    now = start;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  public synchronized void go(Duration by) {
    now = now.plus(by);
  }
}
