package io.plantroom.hub.series;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** RFC 4180 in UTF-8, with the mark by which spreadsheets know it. */
final class CsvSheet implements Sheet {
  private final Writer out;

  CsvSheet(OutputStream stream) throws IOException {
    out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16);
    out.write('\uFEFF');
  }

  @Override
  public void row(List<@Nullable Object> cells) throws IOException {
    for (int i = 0; i < cells.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      Object cell = cells.get(i);
      if (cell instanceof Number) {
        out.write(cell.toString());
      } else if (cell != null) {
        text(cell.toString());
      }
    }
    out.write("\r\n");
  }

  private void text(String text) throws IOException {
    // Names come from gateways: a spreadsheet must not take one for a formula.
    String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    boolean quoted = safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    out.write(quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe);
  }

  @Override
  public void close() throws IOException {
    out.flush();
  }
}
