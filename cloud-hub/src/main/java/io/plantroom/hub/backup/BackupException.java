package io.plantroom.hub.backup;

/** A backup cannot be made or restored; the message is for the operator. */
public final class BackupException extends Exception {
  private static final long serialVersionUID = 1L;

  BackupException(String message) {
    super(message);
  }
}
