package io.plantroom.hub.series;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/** A workbook of as many sheets as are needed, each with the first row again. */
final class XlsxSheet implements Sheet {
  /** Excel has 1,048,576. */
  static final int MOST_ROWS = 1_000_000;

  private static final int ROWS_HELD = 500;

  private final Workbook workbook;
  private final int mostRows;
  private @Nullable Worksheet sheet;
  private @Nullable List<@Nullable Object> head;
  private int sheets;
  private int rows;

  XlsxSheet(OutputStream out, int mostRows) {
    this.workbook = new Workbook(out, "Plantroom", "1.0");
    this.mostRows = mostRows;
  }

  @Override
  public void row(List<@Nullable Object> cells) throws IOException {
    Worksheet into = sheet;
    if (into == null || rows >= mostRows) {
      if (into != null) {
        into.finish();
      }
      into = workbook.newWorksheet(String.valueOf(++sheets));
      sheet = into;
      rows = 0;
      if (head == null) {
        head = cells;
      } else {
        write(into, head);
      }
    }
    write(into, cells);
  }

  private void write(Worksheet into, List<@Nullable Object> cells) throws IOException {
    for (int i = 0; i < cells.size(); i++) {
      Object cell = cells.get(i);
      if (cell instanceof Number n) {
        into.value(rows, i, n);
      } else if (cell != null) {
        into.inlineString(rows, i, cell.toString());
      }
    }
    rows++;
    if (rows % ROWS_HELD == 0) {
      into.flush();
    }
  }

  @Override
  public void close() throws IOException {
    if (sheet == null) {
      sheet = workbook.newWorksheet("1");
    }
    workbook.finish();
  }
}
