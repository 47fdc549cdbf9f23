package io.plantroom.hub.access;

import org.jdbi.v3.core.Handle;

/** The trail of who did what. The database refuses to change or delete a row of it. */
public final class Audit {
  private static final String ADD =
      """
      INSERT INTO audit (account, action, target, detail, remote)
      VALUES (:account, :action, :target, :detail, :remote)""";

  private Audit() {}

  public static void add(
      Handle handle, String account, String action, String target, String detail, String remote) {
    handle
        .createUpdate(ADD)
        .bind("account", clean(account))
        .bind("action", action)
        .bind("target", clean(target))
        .bind("detail", clean(detail))
        .bind("remote", remote)
        .execute();
  }

  /** One entry is one line, whatever somebody has typed. */
  private static String clean(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() > 500 ? line.substring(0, 500) : line;
  }
}
