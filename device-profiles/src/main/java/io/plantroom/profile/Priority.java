package io.plantroom.profile;

/** Urgency of an alarm, most urgent first. */
public enum Priority {
  CRITICAL,
  HIGH,
  MEDIUM,
  LOW
}
