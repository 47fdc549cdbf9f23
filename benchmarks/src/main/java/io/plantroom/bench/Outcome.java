package io.plantroom.bench;

import java.util.Locale;

/** A figure beside the one it is held against. */
public record Outcome(double figure, String unit, String versus, double other) {

  /** The last line of every benchmark. */
  String line(String name) {
    return String.format(
        Locale.ROOT,
        "%s %.2f %s vs %s %.2f ratio %.2f",
        name,
        figure,
        unit,
        versus,
        other,
        figure / other);
  }
}
