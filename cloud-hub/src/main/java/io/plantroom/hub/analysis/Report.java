package io.plantroom.hub.analysis;

import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Download;
import io.plantroom.profile.LocalText;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/**
 * Tables for people, as CSV (the first sheet) or XLSX, in one language.
 *
 * @param fileName without ending
 */
record Report(String fileName, List<Sheet> sheets) {
  /** What spreadsheet programs need to see that a CSV is UTF-8. */
  private static final String MARK = "\uFEFF";

  /**
   * One table.
   *
   * @param rows cells: {@link LocalText}, {@link BigDecimal}, {@link Number}, text or null
   */
  record Sheet(LocalText name, List<LocalText> head, List<List<@Nullable Object>> rows) {}

  static boolean asked(Call call) {
    String format = call.query("format");
    return format != null && !format.equals("json");
  }

  static Download answer(Call call, Report report) {
    boolean zh = !"en".equals(call.query("language"));
    return "csv".equals(call.query("format")) ? report.csv(zh) : report.xlsx(zh);
  }

  private Download csv(boolean zh) {
    return new Download("text/csv; charset=utf-8", fileName + ".csv", out -> writeCsv(out, zh));
  }

  private Download xlsx(boolean zh) {
    return new Download(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        fileName + ".xlsx",
        out -> writeXlsx(out, zh));
  }

  private void writeCsv(OutputStream out, boolean zh) throws IOException {
    Sheet sheet = sheets.get(0);
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    text.write(MARK);
    CSVPrinter csv = new CSVPrinter(text, CSVFormat.EXCEL);
    csv.printRecord(sheet.head().stream().map(h -> say(h, zh)).toList());
    for (List<@Nullable Object> row : sheet.rows()) {
      for (Object cell : row) {
        csv.print(plain(cell, zh));
      }
      csv.println();
    }
    csv.flush();
  }

  private void writeXlsx(OutputStream out, boolean zh) throws IOException {
    try (Workbook book = new Workbook(out, "Plantroom", "1.0")) {
      for (Sheet sheet : sheets) {
        write(book.newWorksheet(say(sheet.name(), zh)), sheet, zh);
      }
    }
  }

  private static void write(Worksheet to, Sheet sheet, boolean zh) {
    for (int c = 0; c < sheet.head().size(); c++) {
      to.value(0, c, say(sheet.head().get(c), zh));
    }
    to.range(0, 0, 0, sheet.head().size() - 1).style().bold().set();
    to.freezePane(0, 1);
    for (int r = 0; r < sheet.rows().size(); r++) {
      List<@Nullable Object> row = sheet.rows().get(r);
      for (int c = 0; c < row.size(); c++) {
        Object cell = row.get(c);
        if (cell instanceof Number number) {
          to.value(r + 1, c, number);
        } else if (cell != null) {
          to.value(r + 1, c, plain(cell, zh));
        }
      }
    }
  }

  private static String plain(@Nullable Object cell, boolean zh) {
    if (cell instanceof LocalText text) {
      return say(text, zh);
    }
    if (cell instanceof BigDecimal number) {
      return Use.plain(number);
    }
    return cell == null ? "" : String.valueOf(cell);
  }

  private static String say(LocalText text, boolean zh) {
    return zh ? text.zh() : text.en();
  }
}
