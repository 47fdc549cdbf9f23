package io.plantroom.hub.config;

import java.util.Locale;

/** What somebody may do at a node of the organisation. */
public enum Role {
  ADMIN,
  ENGINEER,
  TECHNICIAN,
  BILLING,
  VIEWER;

  /** As it stands in the database, the contract and the organisation file. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
