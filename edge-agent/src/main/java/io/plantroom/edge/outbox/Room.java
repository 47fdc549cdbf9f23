package io.plantroom.edge.outbox;

import java.io.File;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether the disk has room for more. It is asked before each append, because a disk that fills up
 * under a mapped file costs records that were already taken.
 */
final class Room {
  private final File disk;
  private final long reserve;
  private final @Nullable Ballast ballast;

  private Room(Path folder, long reserve, @Nullable Ballast ballast) {
    this.disk = folder.toFile();
    this.reserve = reserve;
    this.ballast = ballast;
  }

  static Room of(Path folder, long reserve) {
    return new Room(folder, reserve, null);
  }

  /** Room that gives up the ballast when nothing else is left. */
  static Room withBallast(Path folder, long reserve, Ballast ballast) {
    return new Room(folder, reserve, ballast);
  }

  boolean enough() {
    return free() || (ballast != null && ballast.drop() && free());
  }

  /** As {@link #enough()}, but nothing is given up for it. */
  boolean left() {
    return free() || (ballast != null && ballast.there());
  }

  private boolean free() {
    return disk.getUsableSpace() >= reserve;
  }

  @Override
  public String toString() {
    return "less than " + reserve + " bytes are free at " + disk;
  }
}
