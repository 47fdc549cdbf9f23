package io.plantroom.hub.database;

import java.util.Locale;

/** What the database can do beyond plain PostgreSQL. */
public enum DatabaseLevel {
  /** TimescaleDB with all features: hypertables, compression. */
  COMMUNITY,
  /** TimescaleDB under the Apache licence: hypertables. */
  APACHE,
  /** PostgreSQL alone: native partitions. */
  POSTGRESQL;

  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
