package io.plantroom.edge.outbox;

/** The outbox cannot be used: its folder is taken by another process, or the disk fails. */
public final class OutboxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutboxException(String message) {
    super(message);
  }

  OutboxException(String message, Throwable cause) {
    super(message, cause);
  }
}
