package io.plantroom.wire;

import io.plantroom.telemetry.Lane;
import io.plantroom.telemetry.Sample;
import java.util.List;

/** A run of records of one lane, sent and stored as a whole. */
public sealed interface Frame {
  FrameHeader header();

  /** Samples, each one record. */
  record Telemetry(FrameHeader header, List<Sample> samples) implements Frame {
    public Telemetry {
      samples = List.copyOf(samples);
      check(header, Lane.TELEMETRY, samples.size());
    }
  }

  /** Events, each one record. */
  record Events(FrameHeader header, List<Event> events) implements Frame {
    public Events {
      events = List.copyOf(events);
      check(header, Lane.EVENTS, events.size());
    }
  }

  private static void check(FrameHeader header, Lane lane, int records) {
    if (header.lane() != lane || header.count() != records) {
      throw new IllegalArgumentException(
          "header says "
              + header.count()
              + " records of "
              + header.lane()
              + ", body has "
              + records
              + " of "
              + lane);
    }
  }
}
