package io.plantroom.hub.maintenance;

import io.plantroom.hub.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every few seconds whether a service has fallen due by use. */
public final class Preventive implements Feature {
  private static final Logger LOGGER = LoggerFactory.getLogger(Preventive.class);
  private static final int EVERY_SECONDS = 10;

  private final ServiceMeters meters;
  private final WorkOrders orders;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "preventive"));

  public Preventive(ServiceMeters meters, WorkOrders orders) {
    this.meters = meters;
    this.orders = orders;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // it ends with the executor
  public void start() {
    timer.scheduleWithFixedDelay(this::run, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void stop() {
    timer.shutdownNow();
  }

  /** One look. */
  void run() {
    try {
      List<Runnable> after = new ArrayList<>();
      meters.advance((handle, due) -> orders.openPreventive(handle, due, after::add));
      after.forEach(Runnable::run);
    } catch (RuntimeException e) {
      LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("services not looked at this time");
    }
  }
}
