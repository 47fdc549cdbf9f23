package io.plantroom.hub.http;

import java.util.HashMap;
import java.util.Map;

/** What the features answer, by the operation's id in the contract. */
public final class Routes {
  private final Map<String, Operation> operations = new HashMap<>();
  private final Map<String, Streaming> streams = new HashMap<>();

  public Routes on(String operationId, Operation operation) {
    if (operations.put(operationId, operation) != null) {
      throw new IllegalStateException("operation '" + operationId + "' is answered twice");
    }
    return this;
  }

  public Routes stream(String operationId, Streaming streaming) {
    streams.put(operationId, streaming);
    return this;
  }

  Map<String, Operation> operations() {
    return operations;
  }

  Map<String, Streaming> streams() {
    return streams;
  }
}
