package io.plantroom.edge.page;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may see the page. Guesses are counted for each address and together: after five wrong ones an
 * address waits, longer with each further one; many addresses do not help. Thread-safe; asking
 * costs a fraction of a second of the processor, one at a time.
 */
final class Door {
  static final Duration SESSION = Duration.ofHours(12);

  private static final int FREE_TRIES = 5;
  private static final int FREE_TRIES_TOGETHER = 30;
  private static final int MOST_SESSIONS = 50;
  private static final int MOST_ADDRESSES = 500;
  private static final Duration FORGOTTEN = Duration.ofMinutes(15);
  private static final String EVERYBODY = "";

  private final PagePassword password;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Instant> sessions = new LinkedHashMap<>();
  private final Map<String, Guesses> guesses = new HashMap<>();

  private record Guesses(int wrong, Instant last) {}

  /** What became of a try. */
  enum Answer {
    OPEN,
    WRONG,
    WAIT,
    NO_PASSWORD
  }

  /**
   * An answer.
   *
   * @param token of the session, when it is OPEN
   */
  record Entry(Answer answer, @Nullable String token) {}

  Door(PagePassword password, InstantSource clock) {
    this.password = password;
    this.clock = clock;
  }

  synchronized Entry enter(String address, String tried) throws IOException {
    if (!password.isSet()) {
      return new Entry(Answer.NO_PASSWORD, null);
    }
    Instant now = clock.instant();
    guesses.values().removeIf(g -> g.last().plus(FORGOTTEN).isBefore(now));
    if (mustWait(address, FREE_TRIES, now) || mustWait(EVERYBODY, FREE_TRIES_TOGETHER, now)) {
      return new Entry(Answer.WAIT, null);
    }
    if (!password.matches(tried)) {
      wrong(address, now);
      wrong(EVERYBODY, now);
      return new Entry(Answer.WRONG, null);
    }
    guesses.remove(address);
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    sessions.put(token, now.plus(SESSION));
    if (sessions.size() > MOST_SESSIONS) {
      sessions.remove(sessions.keySet().iterator().next());
    }
    return new Entry(Answer.OPEN, token);
  }

  private boolean mustWait(String address, int free, Instant now) {
    Guesses g = guesses.get(address);
    if (g == null || g.wrong() < free) {
      return false;
    }
    long seconds = Math.min(600, 5L << Math.min(7, g.wrong() - free));
    return now.isBefore(g.last().plusSeconds(seconds));
  }

  private void wrong(String address, Instant now) {
    if (guesses.size() < MOST_ADDRESSES || guesses.containsKey(address)) {
      guesses.merge(address, new Guesses(1, now), (a, b) -> new Guesses(a.wrong() + 1, b.last()));
    }
  }

  synchronized boolean isOpen(@Nullable String token) {
    Instant until = token == null ? null : sessions.get(token);
    return until != null && clock.instant().isBefore(until);
  }

  synchronized void leave(@Nullable String token) {
    if (token != null) {
      sessions.remove(token);
    }
  }
}
