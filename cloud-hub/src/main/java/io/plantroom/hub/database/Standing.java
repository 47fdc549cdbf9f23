package io.plantroom.hub.database;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with the replica.
 *
 * @param behind how old what it shows is, null while that is not known
 * @param most how old it may be
 * @param problem for whoever runs the server; it names hosts
 */
public record Standing(
    State state, @Nullable Duration behind, Duration most, @Nullable String problem) {

  /** Only a ready replica is asked. */
  public enum State {
    READY,
    /** It shows what was too long ago, or nobody knows when. */
    BEHIND,
    /** It does not answer, or is not a replica of this database. */
    AWAY;

    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public String toString() {
    String age = behind == null ? "not known" : "%.1f s".formatted(behind.toMillis() / 1000.0);
    return switch (state) {
      case READY -> "the replica answers, " + age + " behind";
      case BEHIND ->
          "the primary answers: the replica is behind ("
              + age
              + ", more than "
              + most.toSeconds()
              + " s, or more than half of it since it fell behind)";
      case AWAY -> "the primary answers: " + problem;
    };
  }
}
