package io.plantroom.hub.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Who may call an operation: its {@code x-allow}. */
record Contract(boolean isPublic, List<String> roles) {
  private static final List<String> ROLES =
      List.of("admin", "engineer", "technician", "billing", "viewer");
  private static final Set<String> WORDS = Set.of("public", "any");

  /**
   * @throws IllegalStateException when it is missing or names a role that does not exist: the hub
   *     must not start with an operation that nobody has thought about
   */
  static Contract of(Operation operation) {
    JsonObject model = operation.getOpenAPIModel();
    JsonArray allow = model.getJsonArray("x-allow");
    String id = operation.getOperationId();
    if (allow == null || allow.isEmpty()) {
      throw new IllegalStateException("operation '" + id + "' lacks x-allow");
    }
    List<String> names = allow.stream().map(String::valueOf).collect(Collectors.toList());
    if (names.size() == 1 && WORDS.contains(names.get(0))) {
      return new Contract(names.get(0).equals("public"), ROLES);
    }
    List<String> unknown = new ArrayList<>(names);
    unknown.removeAll(ROLES);
    if (!unknown.isEmpty()) {
      throw new IllegalStateException("operation '" + id + "': x-allow names " + unknown);
    }
    return new Contract(false, List.copyOf(names));
  }
}
