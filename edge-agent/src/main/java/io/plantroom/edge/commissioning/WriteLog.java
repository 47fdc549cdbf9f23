package io.plantroom.edge.commissioning;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;

/** Who has written what by hand at this gateway: a line of JSON each, never changed. */
final class WriteLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final InstantSource clock;

  WriteLog(Path data, InstantSource clock) {
    this.file = data.resolve("writes-by-hand.jsonl");
    this.clock = clock;
  }

  Path file() {
    return file;
  }

  /** What all lines of a write have in common. */
  static ObjectNode entry(String device, String endpoint, String point, String value) {
    return JSON.createObjectNode()
        .put("by", System.getProperty("user.name", "?"))
        .put("device", device)
        .put("endpoint", endpoint)
        .put("point", point)
        .put("value", value);
  }

  /**
   * Adds a line and forces it to the disk.
   *
   * @throws IOException when it is not safe there
   */
  void add(ObjectNode entry, String stage) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    ObjectNode line = JSON.createObjectNode().put("at", Instant.ofEpochMilli(clock.millis()) + "");
    line.setAll(entry);
    line.put("stage", stage);
    byte[] bytes = (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        var unused = out.write(rest);
      }
      out.force(true);
    }
  }
}
