package io.plantroom.profile;

import java.math.BigDecimal;

/**
 * A duty that falls due by use.
 *
 * @param point counter it goes by, for instance run hours
 * @param every how much may be added to the counter between two services, in the point's unit
 */
public record MaintenanceCounter(
    String key, LocalText title, String point, BigDecimal every, LocalText task) {
  public MaintenanceCounter {
    if (every.signum() <= 0) {
      throw new IllegalArgumentException("maintenance '" + key + "': every must be above 0");
    }
  }
}
