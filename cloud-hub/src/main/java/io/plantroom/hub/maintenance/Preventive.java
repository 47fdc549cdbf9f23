package io.plantroom.hub.maintenance;

import io.plantroom.hub.Feature;
import io.plantroom.steps.Steps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every few seconds whether a service has fallen due by use. */
public final class Preventive implements Feature {
  private static final Logger LOGGER = LoggerFactory.getLogger(Preventive.class);
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ServiceMeters meters;
  private final WorkOrders orders;
  private final Steps steps =
      new Steps(
          "preventive",
          e ->
              LOGGER
                  .atWarn()
                  .addKeyValue("error", e.getMessage())
                  .log("services not looked at this time"));

  public Preventive(ServiceMeters meters, WorkOrders orders) {
    this.meters = meters;
    this.orders = orders;
  }

  @Override
  public void start() {
    steps.every(EVERY, this::run);
  }

  @Override
  public void stop() {
    steps.end(PATIENCE);
  }

  /** One look. */
  void run() {
    List<Runnable> after = new ArrayList<>();
    meters.advance((handle, due) -> orders.openPreventive(handle, due, after::add));
    after.forEach(Runnable::run);
  }
}
