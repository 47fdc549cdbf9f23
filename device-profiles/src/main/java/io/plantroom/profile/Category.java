package io.plantroom.profile;

/** Kind of equipment a model is; decides icons, groups and defaults, never how it is read. */
public enum Category {
  ELECTRICITY_METER,
  HEAT_METER,
  WATER_METER,
  GAS_METER,
  PUMP,
  DRIVE,
  LIFT,
  ESCALATOR,
  FIRE_PANEL,
  GENERATOR,
  UPS,
  AIR_HANDLING,
  AIR_QUALITY,
  TANK,
  SENSOR
}
