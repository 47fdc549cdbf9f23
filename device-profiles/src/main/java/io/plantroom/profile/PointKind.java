package io.plantroom.profile;

/** What sort of quantity a point is; decides how its values are kept. */
public enum PointKind {
  /** A measured value; kept as a double, thinned by a deadband. */
  ANALOG,
  /** A cumulative register; exact, always sent. */
  COUNTER,
  /** An enumerated state; sent when it changes. */
  STATE,
  /** Free text; sent when it changes. */
  TEXT
}
