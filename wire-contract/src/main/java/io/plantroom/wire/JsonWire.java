package io.plantroom.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.List;

/**
 * The parts of the contract that are JSON: events, receipts, status, desired configurations,
 * commands.
 */
public final class JsonWire {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          // A newer agent may say more than this hub understands; what it understands still counts.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
  private static final TypeReference<List<Event>> EVENT_LIST = new TypeReference<>() {};
  // Typed, because a bare list would lose the name of each event's kind.
  private static final ObjectWriter EVENTS = JSON.writerFor(EVENT_LIST);

  private JsonWire() {}

  public static byte[] encode(Receipt receipt) {
    return write(JSON.writer(), receipt);
  }

  public static byte[] encode(GatewayStatus status) {
    return write(JSON.writer(), status);
  }

  public static byte[] encode(DesiredConfiguration desired) {
    return write(JSON.writer(), desired);
  }

  public static byte[] encode(Command command) {
    return write(JSON.writer(), command);
  }

  public static byte[] encode(List<Event> events) {
    return write(EVENTS, events);
  }

  public static Receipt receipt(byte[] payload) throws WireException {
    return read(new TypeReference<Receipt>() {}, payload, "receipt");
  }

  public static GatewayStatus status(byte[] payload) throws WireException {
    return read(new TypeReference<GatewayStatus>() {}, payload, "status");
  }

  public static DesiredConfiguration desired(byte[] payload) throws WireException {
    return read(new TypeReference<DesiredConfiguration>() {}, payload, "desired configuration");
  }

  public static Command command(byte[] payload) throws WireException {
    return read(new TypeReference<Command>() {}, payload, "command");
  }

  public static List<Event> events(byte[] payload) throws WireException {
    return read(EVENT_LIST, payload, "events");
  }

  private static byte[] write(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of the contract must be writable as JSON", e);
    }
  }

  private static <T> T read(TypeReference<T> type, byte[] payload, String what)
      throws WireException {
    try {
      T value = JSON.readValue(payload, type);
      if (value == null) {
        throw new WireException(what + ": expected a JSON object, got null");
      }
      return value;
    } catch (IOException e) {
      throw new WireException(what + ": " + e.getMessage(), e);
    }
  }
}
