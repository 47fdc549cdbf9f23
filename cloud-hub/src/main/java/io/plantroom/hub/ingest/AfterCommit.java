package io.plantroom.hub.ingest;

/** Takes what is to be done once the transaction has committed; dropped when it has not. */
@FunctionalInterface
public interface AfterCommit {
  void run(Runnable action);
}
