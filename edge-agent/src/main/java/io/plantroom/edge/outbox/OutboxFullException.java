package io.plantroom.edge.outbox;

/** The disk is so full that taking more would endanger what is kept. */
public final class OutboxFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutboxFullException(String message) {
    super(message);
  }
}
