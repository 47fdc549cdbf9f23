package io.plantroom.yaml;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;

/** {@code true} or {@code false}; one that the file does not mention is false. */
final class Flag extends StdDeserializer<Boolean> {
  private static final long serialVersionUID = 1L;

  Flag() {
    super(boolean.class);
  }

  @Override
  public Boolean deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return token == JsonToken.VALUE_TRUE;
    }
    throw new IllegalArgumentException("expected true or false, got \"" + parser.getText() + "\"");
  }

  @Override
  public Boolean getAbsentValue(DeserializationContext context) {
    return false;
  }
}
