package io.plantroom.edge.commissioning;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;

/** A table out of a file: the first sheet of an XLSX, or a CSV in UTF-8 or GB 18030. */
record Cells(List<Line> lines) {

  /**
   * A row that is not empty.
   *
   * @param number as the spreadsheet shows it, counted from 1
   */
  record Line(int number, List<String> cells) {
    String cell(int column) {
      return column < cells.size() ? cells.get(column) : "";
    }
  }

  static Cells read(Path file) throws IOException {
    return file.toString().toLowerCase(java.util.Locale.ROOT).endsWith(".xlsx")
        ? xlsx(file)
        : csv(text(Files.readAllBytes(file)));
  }

  private static Cells xlsx(Path file) throws IOException {
    List<Line> lines = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        ReadableWorkbook book = new ReadableWorkbook(in);
        Stream<Row> rows = book.getFirstSheet().openStream()) {
      rows.forEach(
          row -> {
            List<String> cells = new ArrayList<>();
            for (Cell cell : row) {
              cells.add(cell == null ? "" : String.valueOf(cell.getText()).strip());
            }
            add(lines, row.getRowNum(), cells);
          });
    } catch (RuntimeException e) {
      throw new IOException("not a readable XLSX: " + e.getMessage(), e);
    }
    return new Cells(lines);
  }

  private static Cells csv(String text) throws IOException {
    List<Line> lines = new ArrayList<>();
    CSVFormat format =
        CSVFormat.DEFAULT.builder().setIgnoreEmptyLines(false).setDelimiter(delimiter(text)).get();
    try (Reader in = new StringReader(text);
        CSVParser parser = CSVParser.parse(in, format)) {
      for (CSVRecord record : parser) {
        List<String> cells = new ArrayList<>();
        record.forEach(c -> cells.add(c.strip()));
        add(lines, (int) record.getRecordNumber(), cells);
      }
    } catch (RuntimeException e) {
      throw new IOException("not a readable CSV: " + e.getMessage(), e);
    }
    return new Cells(lines);
  }

  private static void add(List<Line> lines, int number, List<String> cells) {
    if (cells.stream().anyMatch(c -> !c.isEmpty())) {
      lines.add(new Line(number, List.copyOf(cells)));
    }
  }

  /** Excel writes semicolons where the comma divides decimals. */
  private static char delimiter(String text) {
    String head = text.lines().findFirst().orElse("");
    return head.contains(",") || !head.contains(";") ? ',' : ';';
  }

  private static String text(byte[] bytes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      text = new String(bytes, Charset.forName("GB18030")); // As Excel in Chinese saves a CSV.
    }
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }
}
