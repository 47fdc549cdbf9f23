package io.plantroom.profile;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a point moves in time: exactly one kind, and optionally only while another point shows
 * something. Every signal is a function of seed, device and time, so that two runs agree.
 *
 * @param whilst outside of it the point shows {@code otherwise} (0 unless said)
 */
public record Signal(
    @Nullable BigDecimal constant,
    @Nullable String text,
    @Nullable Wave wave,
    @Nullable Integral integral,
    @Nullable Cycle cycle,
    @Nullable Edges edges,
    @Nullable Travel travel,
    @Nullable Trigger whilst,
    BigDecimal otherwise) {

  public Signal {
    if (Stream.of(constant, text, wave, integral, cycle, edges, travel)
            .filter(Objects::nonNull)
            .count()
        != 1) {
      throw new IllegalArgumentException(
          "a signal is exactly one of constant, text, wave, integral, cycle, edges, travel");
    }
    otherwise = otherwise == null ? BigDecimal.ZERO : otherwise;
  }

  /** A sine around {@code mean}, {@code swing} to each side, with noise as a share of the swing. */
  public record Wave(double mean, double swing, Duration period, double noise) {}

  /** A counter that adds up what another point shows: {@code start + factor × Σ value × hours}. */
  public record Integral(String of, BigDecimal factor, BigDecimal start) {
    public Integral {
      factor = factor == null ? BigDecimal.ONE : factor;
      start = start == null ? BigDecimal.ZERO : start;
    }
  }

  /** A state that is 1 for {@code on} and 0 for {@code off}, in turns, shifted for each device. */
  public record Cycle(Duration on, Duration off) {}

  /** A counter of the times another point went from 0 to something else. */
  public record Edges(String of, BigDecimal start) {
    public Edges {
      start = start == null ? BigDecimal.ZERO : start;
    }
  }

  /** One side of a lift's trips between {@code floors} floors; all aspects of a device agree. */
  public record Travel(Aspect show, int floors, Duration perFloor, Duration dwell) {}

  /** What a travelling car shows. */
  public enum Aspect {
    /** Floor as a number from 1. */
    FLOOR,
    /** 1 while it moves. */
    MOVING,
    /** 0 none, 1 up, 2 down. */
    DIRECTION,
    /** 1 while the doors are fully closed. */
    DOORS_CLOSED,
    /** 1 while it stands where people can get out. */
    DOOR_ZONE,
    /** 1 while somebody is in the car. */
    PASSENGER
  }
}
