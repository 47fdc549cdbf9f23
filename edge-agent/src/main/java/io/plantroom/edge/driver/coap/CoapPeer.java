package io.plantroom.edge.driver.coap;

import io.plantroom.edge.driver.DriverException;
import io.plantroom.telemetry.Cause;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Endpoint;
import org.jspecify.annotations.Nullable;

/** The far end: how it is asked, and with {@code coaps://} by which key. */
final class CoapPeer {
  /** A handshake takes several rounds, on small devices with pauses. */
  private static final Duration HANDSHAKE = Duration.ofSeconds(6);

  private final Endpoint endpoint;
  private final ScheduledThreadPoolExecutor timer;
  private final String base;
  private final @Nullable Lock lock;
  private boolean unlocked;

  CoapPeer(Endpoint endpoint, ScheduledThreadPoolExecutor timer, String base, @Nullable Lock lock) {
    this.endpoint = endpoint;
    this.timer = timer;
    this.base = base;
    this.lock = lock;
  }

  /** What DTLS needs to know of this peer. */
  interface Lock {
    /** Hands the key over; read anew each time, so that a new one needs no restart. */
    void open() throws IOException;

    /** Whether a handshake has succeeded. */
    boolean isOpen();

    /** Forgets the session, so that the next request begins with a handshake. */
    void shut();

    /** Whose key it is, for messages. Never the key. */
    String words();
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** For what is to be done later; shared by all peers. */
  ScheduledThreadPoolExecutor timer() {
    return timer;
  }

  String uri(String path) {
    return base + path;
  }

  /**
   * To be called before anything is sent.
   *
   * @throws DriverException when there is no key
   */
  void ready() throws DriverException {
    if (lock == null || unlocked) {
      return;
    }
    try {
      lock.open();
      unlocked = true;
    } catch (IOException e) {
      throw new DriverException(Cause.NO_CONNECTION, base + ": " + e.getMessage(), e);
    }
  }

  /** The answer, or null when none came in time. */
  @Nullable Response ask(Request request, Duration timeout) throws DriverException {
    boolean shaken = lock == null || lock.isOpen();
    Duration patience = shaken ? timeout : timeout.plus(HANDSHAKE);
    try {
      request.send(endpoint);
      Response answer = request.waitForResponse(patience.toMillis());
      if (answer != null) {
        return answer;
      }
      request.cancel();
      Throwable error = request.getSendError();
      if (lock != null) {
        boolean open = lock.isOpen();
        lock.shut();
        unlocked = false;
        if (!open) {
          throw new DriverException(
              Cause.NO_CONNECTION,
              base + "：DTLS 握手失败" + words(error) + "；请核对 " + lock.words(),
              base + ": no DTLS session" + words(error) + "; is " + lock.words() + " right?");
        }
      }
      if (error != null) {
        throw new DriverException(Cause.NO_CONNECTION, base + words(error), error);
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      request.cancel();
      throw new DriverException(Cause.TIMEOUT, "interrupted", e);
    }
  }

  private static String words(@Nullable Throwable error) {
    return error == null ? "" : ": " + Objects.requireNonNullElse(error.getMessage(), "" + error);
  }
}
