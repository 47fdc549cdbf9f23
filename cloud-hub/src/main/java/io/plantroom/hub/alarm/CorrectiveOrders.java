package io.plantroom.hub.alarm;

import io.plantroom.hub.ingest.AfterCommit;
import io.plantroom.profile.LocalText;
import org.jdbi.v3.core.Handle;

/** Asks for a repair. */
@FunctionalInterface
public interface CorrectiveOrders {
  /** Opens a work order unless one is open for the device and rule. Within the transaction. */
  void open(Handle handle, Request request, AfterCommit after);

  /** What is to be repaired and why. */
  record Request(
      String siteId, int deviceId, String rule, LocalText title, String priority, long alarmId) {}
}
