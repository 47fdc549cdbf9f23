package io.plantroom.edge.commissioning;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns that stand under each other, also with Chinese signs, which are two columns wide. */
final class Table {
  private final List<String[]> rows = new ArrayList<>();

  Table row(String... cells) {
    rows.add(cells);
    return this;
  }

  void print(PrintWriter out) {
    int columns = rows.stream().mapToInt(r -> r.length).max().orElse(0);
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], width(row[i]));
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        line.append(row[i]).append(" ".repeat(widths[i] - width(row[i]) + 2));
      }
      out.println(line.toString().stripTrailing());
    }
    out.flush();
  }

  static int width(String text) {
    return text.codePoints().map(c -> c >= 0x1100 && wide(c) ? 2 : 1).sum();
  }

  private static boolean wide(int c) {
    return c <= 0x115f
        || (c >= 0x2e80 && c <= 0xa4cf)
        || (c >= 0xac00 && c <= 0xd7a3)
        || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0xfe30 && c <= 0xfe6f)
        || (c >= 0xff00 && c <= 0xff60)
        || (c >= 0xffe0 && c <= 0xffe6);
  }
}
