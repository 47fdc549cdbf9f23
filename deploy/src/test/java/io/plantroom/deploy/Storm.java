package io.plantroom.deploy;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Troubles of a running system, up to three at a time, in an order and with pauses that a seed
 * decides; one begins while the system still recovers from the last. Every trouble comes before any
 * comes again. In between and at the end all books must agree.
 */
final class Storm {
  private static final int LONGEST_MILLIS = 6000;
  private static final int ROUNDS_BETWEEN_BOOKS = 8;

  private final DemoSystem system;
  private final Relay relay;
  private final Books books;
  private final Random random;
  private final Deque<Trouble> deck = new ArrayDeque<>();
  private int rounds;

  Storm(DemoSystem system, Relay relay, Books books, long seed) {
    this.system = system;
    this.relay = relay;
    this.books = books;
    this.random = new Random(seed);
  }

  /** Goes on until each trouble has been there and the time is over. */
  void rage(Instant until) throws Exception {
    do {
      shuffle();
      while (!deck.isEmpty()) {
        round();
        if (rounds % ROUNDS_BETWEEN_BOOKS == 0) {
          books.awaitAgreement();
        }
      }
    } while (Instant.now().isBefore(until));
    books.awaitProgressBeyond(books.telemetryMark());
    books.awaitAgreement();
  }

  /** All decisions before all deeds: what the machine is slow with must not change the order. */
  private void round() throws Exception {
    List<Trouble> troubles = deal(1 + random.nextInt(3));
    List<Trouble> ends = new ArrayList<>(troubles);
    Collections.shuffle(ends, random);
    List<Duration> pauses = new ArrayList<>();
    for (int i = 0; i < 2 * troubles.size(); i++) {
      pauses.add(Duration.ofMillis(random.nextInt(LONGEST_MILLIS / troubles.size())));
    }
    boolean calm = random.nextBoolean();
    rounds++;
    System.out.printf(
        Locale.ROOT,
        "%s storm %d: %s, then %s%n",
        Instant.now(),
        rounds,
        troubles,
        calm ? "calm" : "at once more");
    long before = calm ? books.telemetryMark() : 0;
    askBeforeItDies(troubles);
    for (Trouble trouble : troubles) {
      trouble.begin();
      pass(pauses.remove(0));
    }
    for (Trouble trouble : ends) {
      trouble.end();
      pass(pauses.remove(0));
    }
    for (Trouble trouble : ends) {
      trouble.recover();
    }
    if (calm) {
      books.awaitProgressBeyond(before);
    }
  }

  /** An agent that a round before has left in trouble may not answer, and has polled nothing. */
  private void askBeforeItDies(List<Trouble> troubles) {
    if (troubles.stream().anyMatch(t -> t.victim().equals("agent"))) {
      try {
        books.noteMisses();
      } catch (Exception e) {
        System.out.println("storm: the agent does not say what it has missed: " + e);
      }
    }
  }

  private List<Trouble> deal(int wanted) {
    List<Trouble> troubles = new ArrayList<>();
    Set<String> victims = new HashSet<>();
    while (troubles.size() < wanted && !deck.isEmpty() && victims.add(deck.peek().victim())) {
      troubles.add(deck.remove());
    }
    return troubles;
  }

  private void shuffle() {
    List<Trouble> all = new ArrayList<>();
    for (int i = 0; i < system.hubs().size(); i++) {
      part(all, "hub " + (char) ('A' + i), system.hubs().get(i));
    }
    part(all, "broker", system.broker());
    part(all, "agent", system.agent());
    EmbeddedDatabase database = (EmbeddedDatabase) system.database();
    all.add(Trouble.kill("database", database));
    all.add(Trouble.freeze("database", database));
    all.add(Trouble.breakOff("link", relay));
    all.add(Trouble.swallow("link", relay));
    Collections.shuffle(all, random);
    deck.addAll(all);
  }

  private static void part(List<Trouble> all, String name, Part part) {
    all.add(Trouble.kill(name, part));
    all.add(Trouble.stop(name, part));
    all.add(Trouble.freeze(name, part));
  }

  private static void pass(Duration pause) {
    await("time passes").pollDelay(pause).atMost(pause.plusSeconds(30)).until(() -> true);
  }
}
