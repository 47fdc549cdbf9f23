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

  /** {@code kill -9}; started again by a supervisor, again and again if need be. */
  record Kill(String victim, Part part) implements Trouble {
    @Override
    public void begin() throws Exception {
      part.kill();
    }

    @Override
    public void end() throws Exception {
      part.start();
    }

    @Override
    public void recover() throws Exception {
      supervise(part);
    }

    @Override
    public String toString() {
      return "kill " + victim;
    }
  }

  /** Asked to stop, as for an update. */
  record Stop(String victim, Part part) implements Trouble {
    @Override
    public void begin() {
      part.close();
    }

    @Override
    public void end() throws Exception {
      part.start();
    }

    @Override
    public void recover() throws Exception {
      supervise(part);
    }

    @Override
    public String toString() {
      return "stop " + victim;
    }
  }

  /** Stands still with open connections. */
  record Freeze(String victim, Part part) implements Trouble {
    @Override
    public void begin() throws Exception {
      part.pause();
    }

    @Override
    public void end() throws Exception {
      part.resume();
    }

    @Override
    public void recover() throws Exception {
      supervise(part);
    }

    @Override
    public String toString() {
      return "freeze " + victim;
    }
  }

  /** The server and all its workers at once. */
  record CrashDatabase(String victim, EmbeddedDatabase database) implements Trouble {
    @Override
    public void begin() throws Exception {
      database.crash();
    }

    @Override
    public void end() throws Exception {
      database.restart();
    }

    @Override
    public String toString() {
      return "kill " + victim;
    }
  }

  /** It answers nobody, and keeps all connections. */
  record FreezeDatabase(String victim, EmbeddedDatabase database) implements Trouble {
    @Override
    public void begin() throws Exception {
      database.pause();
    }

    @Override
    public void end() throws Exception {
      database.resume();
    }

    @Override
    public String toString() {
      return "freeze " + victim;
    }
  }

  /** All connections end at once. */
  record BreakLink(String victim, Relay relay) implements Trouble {
    @Override
    public void begin() {
      relay.breakAll();
    }

    @Override
    public void end() {
      relay.breakAll();
    }

    @Override
    public String toString() {
      return "break " + victim;
    }
  }

  /** Bytes vanish, and nobody is told. */
  record SwallowLink(String victim, Relay relay) implements Trouble {
    @Override
    public void begin() {
      relay.stick();
    }

    @Override
    public void end() {
      relay.heal();
    }

    @Override
    public String toString() {
      return "swallow " + victim;
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
