package io.plantroom.hub.ingest;

import io.plantroom.wire.GatewayStatus;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.WireException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What gateways say of themselves, beside the frames so that neither waits for the other. Only the
 * newest of each gateway is kept, so ten thousand gateways need ten thousand places and no more.
 */
final class StatusDesk {
  private static final Logger LOGGER = LoggerFactory.getLogger(StatusDesk.class);

  private final StatusListener listener;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private boolean running;
  private @Nullable Thread worker;

  StatusDesk(StatusListener listener) {
    this.listener = listener;
  }

  private record Waiting(GatewayStatus status, Delivery delivery) {}

  synchronized void start() {
    running = true;
    Thread thread = new Thread(this::work, "gateway-status");
    thread.start();
    worker = thread;
  }

  void stop() {
    Thread thread;
    synchronized (this) {
      running = false;
      notifyAll();
      thread = worker;
    }
    if (thread != null) {
      try {
        thread.join(Duration.ofSeconds(10).toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Takes a status; never waits.
   *
   * @throws WireException when it is none
   */
  void accept(String gateway, Delivery delivery) throws WireException {
    Waiting next = new Waiting(JsonWire.status(delivery.payload()), delivery);
    Waiting before;
    synchronized (this) {
      before = waiting.put(gateway, next);
      notifyAll();
    }
    if (before != null) {
      before.delivery().settled();
    }
  }

  private void work() {
    boolean failing = false;
    Map.Entry<String, Waiting> next = next();
    while (next != null) {
      try {
        listener.onStatus(next.getKey(), next.getValue().status());
        failing = false;
      } catch (RuntimeException e) {
        // Told once, not for each gateway every few seconds.
        if (!failing) {
          LOGGER
              .atWarn()
              .addKeyValue("gateway", next.getKey())
              .addKeyValue("error", SqlErrors.reason(e))
              .log("statuses not taken");
        }
        failing = true;
      }
      next.getValue().delivery().settled();
      next = next();
    }
  }

  private synchronized Map.@Nullable Entry<String, Waiting> next() {
    try {
      while (running && waiting.isEmpty()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
    if (!running) {
      return null;
    }
    Iterator<Map.Entry<String, Waiting>> first = waiting.entrySet().iterator();
    Map.Entry<String, Waiting> entry = first.next();
    Map.Entry<String, Waiting> taken = Map.entry(entry.getKey(), entry.getValue());
    first.remove();
    return taken;
  }
}
