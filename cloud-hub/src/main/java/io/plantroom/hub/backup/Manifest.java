package io.plantroom.hub.backup;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * What a backup holds. It is the last entry of the file, so a backup that broke off has none.
 *
 * @param format of the file; a hub reads {@value #FORMAT}
 * @param hub version of the hub that wrote it
 * @param schema version of the tables; a newer hub migrates them after it has restored them
 * @param tables in an order in which each refers only to those before it
 * @param sequences last number given, by name
 */
record Manifest(
    int format,
    String hub,
    String schema,
    String level,
    Instant at,
    List<Table> tables,
    Map<String, Long> sequences) {
  static final int FORMAT = 1;
  static final String ENTRY = "manifest.json";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /**
   * One table.
   *
   * @param days UTC days for which partitions are made: of the column {@code ts}, where there is
   *     one, and the first of each month of fine rollups
   * @param checksum see {@link RowSum}
   */
  record Table(
      String name, List<String> columns, List<LocalDate> days, long rows, String checksum) {
    String entry() {
      return "tables/" + name + ".copy";
    }
  }

  byte[] toBytes() throws java.io.IOException {
    return JSON.writeValueAsBytes(this);
  }

  static Manifest of(byte[] bytes) throws java.io.IOException {
    return JSON.readValue(bytes, Manifest.class);
  }

  long rows() {
    return tables.stream().mapToLong(Table::rows).sum();
  }
}
