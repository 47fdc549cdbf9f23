package io.plantroom.hub.database;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.plantroom.hub.Feature;
import io.plantroom.hub.config.HubConfig.DatabaseConfig;
import io.plantroom.hub.config.HubConfig.ReadsConfig;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Where long questions go: to the replica that {@code database.reads} names while it may be asked,
 * else to the primary. Never for what is written afterwards, nor for what must be of this instant.
 * Thread-safe; everything blocks.
 *
 * <p>What the replica answers is at most as old as it may lag, and knows every change that somebody
 * has made through the API of any hub. A question that it cannot answer, for whatever reason, is
 * asked of the primary: so a question may run twice, and a refusal is always the primary's. See
 * docs/decisions/013.
 */
public final class Reads implements Feature {
  /**
   * Every change by a person is in the audit trail, in its transaction. Numbers do not come in the
   * order of commits, so the last ones are compared one by one.
   */
  private static final String CHANGES =
      """
      SELECT coalesce(string_agg(id::text, ' ' ORDER BY id), '')
        FROM (SELECT id FROM audit ORDER BY id DESC LIMIT 20) newest""";

  private final Database primary;
  private final @Nullable DatabaseConfig config;
  private final Duration most;
  private final Counter byReplica;
  private final Counter byPrimary;
  private final Counter failed;
  private volatile @Nullable Replica replica;

  /** Without {@code reads} in the configuration the primary answers everything. */
  public Reads(Database primary, DatabaseConfig config, MeterRegistry registry) {
    this.primary = primary;
    ReadsConfig reads = config.reads();
    this.config = reads == null ? null : reads.server(config);
    most = reads == null ? Duration.ZERO : reads.mostBehind();
    byReplica = registry.counter("plantroom.reads", "from", "replica");
    byPrimary = registry.counter("plantroom.reads", "from", "primary");
    failed = registry.counter("plantroom.reads.replica.failed");
    if (reads != null) {
      Gauge.builder("plantroom.reads.replica.ready", this, r -> r.ready() ? 1 : 0)
          .register(registry);
      Gauge.builder("plantroom.reads.replica.behind.seconds", this, Reads::behindSeconds)
          .register(registry);
    }
  }

  @Override
  public void start() {
    if (config != null) {
      replica = new Replica(primary, config, most);
    }
  }

  @Override
  public void stop() {
    Replica running = replica;
    replica = null;
    if (running != null) {
      running.close();
    }
  }

  /** Whether there is to be a replica. */
  public boolean configured() {
    return config != null;
  }

  /** For whoever runs the server: who answers and why. */
  public String told() {
    return standing().map(Standing::toString).orElse("the primary answers");
  }

  /** Empty when no replica is configured. */
  public Optional<Standing> standing() {
    return Optional.ofNullable(replica).map(Replica::standing);
  }

  /**
   * Asks outside a transaction.
   *
   * @param question only reads; it may run twice
   */
  public <T> T withHandle(HandleCallback<T, RuntimeException> question) {
    return ask(question, false);
  }

  /**
   * Asks within a transaction.
   *
   * @param question only reads; it may run twice
   */
  public <T> T inTransaction(HandleCallback<T, RuntimeException> question) {
    return ask(question, true);
  }

  private <T> T ask(HandleCallback<T, RuntimeException> question, boolean transaction) {
    Replica asked = replica;
    if (asked != null && asked.ready()) {
      String changes = primary.jdbi().withHandle(Reads::changes);
      try {
        T answer =
            ask(
                asked.jdbi(),
                h -> {
                  if (!changes(h).equals(changes)) {
                    throw new ChangedSince();
                  }
                  return asked.ask(h, question);
                },
                transaction);
        byReplica.increment();
        return answer;
      } catch (UncheckedIOException e) {
        throw e; // whoever wanted the answer has gone
      } catch (JdbiException e) {
        failed.increment();
        asked.doubt();
      } catch (RuntimeException e) {
        // What the replica does not know, such as a point that is new, the primary may know.
      }
    }
    byPrimary.increment();
    return ask(primary.jdbi(), question, transaction);
  }

  private static <T> T ask(
      Jdbi jdbi, HandleCallback<T, RuntimeException> question, boolean transaction) {
    return transaction ? jdbi.inTransaction(question) : jdbi.withHandle(question);
  }

  private static String changes(Handle handle) {
    return handle.createQuery(CHANGES).mapTo(String.class).one();
  }

  private boolean ready() {
    Replica running = replica;
    return running != null && running.ready();
  }

  private double behindSeconds() {
    return standing().map(Standing::behind).map(b -> b.toMillis() / 1000.0).orElse(Double.NaN);
  }

  /** Somebody has changed something that the replica does not know yet. */
  private static final class ChangedSince extends RuntimeException {
    private static final long serialVersionUID = 1;

    ChangedSince() {
      super("changed since", null, false, false);
    }
  }
}
