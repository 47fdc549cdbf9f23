package io.plantroom.profile;

/** Which of several registers comes first. Within a register the high byte always does. */
public enum WordOrder {
  HIGH_FIRST,
  LOW_FIRST
}
