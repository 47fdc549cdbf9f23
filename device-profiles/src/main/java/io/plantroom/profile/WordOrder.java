package io.plantroom.profile;

/** Which of several parts of a number comes first. */
public enum WordOrder {
  HIGH_FIRST,
  LOW_FIRST
}
