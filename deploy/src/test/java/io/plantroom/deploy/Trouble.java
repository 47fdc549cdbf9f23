package io.plantroom.deploy;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;

/** Something that goes wrong with one thing, and is set right again. */
interface Trouble {
  Duration PATIENCE = Duration.ofSeconds(90);

  /** What it happens to; one thing has one trouble at a time. */
  String victim();

  void begin() throws Exception;

  /** Sets right what can be set right at once; others may still be in trouble. */
  void end() throws Exception;

  /** Waits until it works again, when nothing else is in trouble any more. */
  default void recover() throws Exception {}

  /** {@code kill -9}. */
  static Trouble kill(String victim, Part part) {
    return new OfPart("kill " + victim, victim, part, part::kill, part::start);
  }

  /** Asked to stop, as for an update. */
  static Trouble stop(String victim, Part part) {
    return new OfPart("stop " + victim, victim, part, part::close, part::start);
  }

  /** Stands still with open connections. */
  static Trouble freeze(String victim, Part part) {
    return new OfPart("freeze " + victim, victim, part, part::pause, part::resume);
  }

  /** The server and all its workers at once. */
  static Trouble kill(String victim, EmbeddedDatabase database) {
    return new OfSurroundings("kill " + victim, victim, database::crash, database::restart);
  }

  /** It answers nobody, and keeps all connections. */
  static Trouble freeze(String victim, EmbeddedDatabase database) {
    return new OfSurroundings("freeze " + victim, victim, database::pause, database::resume);
  }

  /** All connections end at once. */
  static Trouble breakOff(String victim, Relay relay) {
    return new OfSurroundings("break " + victim, victim, relay::breakAll, relay::breakAll);
  }

  /** Bytes vanish, and nobody is told. */
  static Trouble swallow(String victim, Relay relay) {
    return new OfSurroundings("swallow " + victim, victim, relay::stick, relay::heal);
  }

  /** Done to a victim, or undone. */
  interface Deed {
    void run() throws Exception;
  }

  /** What needs no help to recover. */
  record OfSurroundings(String name, String victim, Deed harm, Deed repair) implements Trouble {
    @Override
    public void begin() throws Exception {
      harm.run();
    }

    @Override
    public void end() throws Exception {
      repair.run();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A process of ours, which a supervisor starts again and again if need be. */
  record OfPart(String name, String victim, Part part, Deed harm, Deed repair) implements Trouble {
    @Override
    public void begin() throws Exception {
      harm.run();
    }

    @Override
    public void end() throws Exception {
      repair.run();
    }

    @Override
    public void recover() {
      supervise(part);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * A hub that finds no database, or an agent without a disk, ends; it is started until it stays.
   */
  private static void supervise(Part part) {
    await(part.log().getFileName() + " serves")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              if (!part.alive()) {
                part.start();
              }
              try {
                part.awaitReady(Duration.ofSeconds(30));
                return true;
              } catch (IOException e) {
                System.out.println(
                    "storm: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
                return false;
              }
            });
  }
}
