package io.plantroom.edge.commissioning;

import io.plantroom.device.DeviceDocument;
import io.plantroom.edge.commissioning.Cells.Line;
import io.plantroom.profile.ProfileCatalog;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Devices out of a table, as YAML for the agent or the hub. */
record DeviceSheet(String yaml, int devices, List<String> problems) {
  private static final Pattern PLACE =
      Pattern.compile("^[^:]*:\\d+: devices/(\\d+)(?:/([a-z]+))?: (.*)$", Pattern.DOTALL);

  private static final Pattern OTHER = Pattern.compile("sheet:(\\d+)");

  /** The columns that are understood; the first word names the key. */
  private enum Column {
    KEY("key", "标识", "编号"),
    PROFILE("profile", "model", "型号"),
    ENDPOINT("endpoint", "address", "地址", "通信地址"),
    EVERY("every", "period", "周期"),
    NAME_ZH("name zh", "名称", "中文名称"),
    NAME_EN("name en", "name", "英文名称"),
    LOCATION_ZH("location zh", "位置", "安装位置"),
    LOCATION_EN("location en", "location", "英文位置"),
    SERIAL("serial", "序列号", "表号");

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> words;

    Column(String... words) {
      this.words = List.of(words);
    }

    String field() {
      return words.get(0).split(" ", -1)[0];
    }
  }

  static DeviceSheet of(String file, Cells cells, ProfileCatalog catalog) {
    List<String> problems = new ArrayList<>();
    if (cells.lines().isEmpty()) {
      return new DeviceSheet("", 0, List.of(file + ": it is empty / 文件为空"));
    }
    Line head = cells.lines().get(0);
    Map<Column, Integer> columns = columns(file, head, problems);
    if (!problems.isEmpty()) {
      return new DeviceSheet("", 0, problems);
    }
    List<Line> rows = cells.lines().subList(1, cells.lines().size());
    StringBuilder yaml = new StringBuilder("devices:");
    yaml.append(rows.isEmpty() ? " []\n" : "\n");
    TreeMap<Integer, Integer> rowOfLine = new TreeMap<>();
    for (Line row : rows) {
      rowOfLine.put((int) yaml.chars().filter(c -> c == '\n').count() + 1, row.number());
      entry(yaml, row, columns);
    }
    DeviceDocument document = DeviceDocument.parse("sheet", yaml.toString(), catalog);
    document
        .problems()
        .forEach(p -> problems.add(file + ": " + inWords(p, rows, columns, rowOfLine)));
    return new DeviceSheet(yaml.toString(), document.devices().size(), problems);
  }

  private static Map<Column, Integer> columns(String file, Line head, List<String> problems) {
    Map<Column, Integer> found = new EnumMap<>(Column.class);
    for (int i = 0; i < head.cells().size(); i++) {
      String word = head.cells().get(i).toLowerCase(Locale.ROOT).replaceAll("[_\\s-]+", " ");
      if (word.isEmpty()) {
        continue;
      }
      Column column = null;
      for (Column c : Column.values()) {
        column = c.words.contains(word) ? c : column;
      }
      String at = file + ": row " + head.number() + ", column " + letters(i) + ": ";
      if (column == null) {
        problems.add(at + "unknown heading \"" + head.cells().get(i) + "\"; known are " + known());
      } else if (found.putIfAbsent(column, i) != null) {
        problems.add(at + "heading \"" + head.cells().get(i) + "\" stands twice");
      }
    }
    for (Column needed : List.of(Column.KEY, Column.PROFILE, Column.ENDPOINT)) {
      if (!found.containsKey(needed)) {
        problems.add(
            file + ": row " + head.number() + ": column " + needed.words + " is missing / 缺少该列");
      }
    }
    return found;
  }

  private static String known() {
    List<String> all = new ArrayList<>();
    for (Column c : Column.values()) {
      all.add(String.join("/", c.words));
    }
    return String.join(", ", all);
  }

  private static void entry(StringBuilder yaml, Line row, Map<Column, Integer> columns) {
    yaml.append("  - key: ").append(Quoted.of(cell(row, columns, Column.KEY))).append('\n');
    for (Column c : List.of(Column.PROFILE, Column.ENDPOINT, Column.EVERY, Column.SERIAL)) {
      String text = cell(row, columns, c);
      if (!text.isEmpty() || c == Column.PROFILE || c == Column.ENDPOINT) {
        yaml.append("    ").append(c.field()).append(": ").append(Quoted.of(text)).append('\n');
      }
    }
    local(yaml, "name", row, columns, Column.NAME_ZH, Column.NAME_EN);
    local(yaml, "location", row, columns, Column.LOCATION_ZH, Column.LOCATION_EN);
  }

  /** A name in one language is better than none in the other. */
  private static void local(
      StringBuilder yaml,
      String key,
      Line row,
      Map<Column, Integer> columns,
      Column chinese,
      Column english) {
    String zh = cell(row, columns, chinese);
    String en = cell(row, columns, english);
    if (!zh.isEmpty() || !en.isEmpty()) {
      yaml.append("    ").append(key).append(": { zh: ").append(Quoted.of(zh.isEmpty() ? en : zh));
      yaml.append(", en: ").append(Quoted.of(en.isEmpty() ? zh : en)).append(" }\n");
    }
  }

  private static String cell(Line row, Map<Column, Integer> columns, Column column) {
    Integer at = columns.get(column);
    return at == null ? "" : row.cell(at);
  }

  /** From the place in the YAML back to row and column of the table. */
  private static String inWords(
      String problem,
      List<Line> rows,
      Map<Column, Integer> columns,
      TreeMap<Integer, Integer> rowOfLine) {
    Matcher m = PLACE.matcher(problem);
    if (!m.matches()) {
      return problem;
    }
    StringBuilder text = new StringBuilder("row ").append(row(rows, m.group(1)));
    String field = m.group(2);
    for (Column c : Column.values()) {
      Integer at = columns.get(c);
      if (at != null && c.field().equals(field)) {
        text.append(", column ").append(letters(at)).append(" (").append(field).append(')');
        break;
      }
    }
    String rule =
        OTHER
            .matcher(m.group(3))
            .replaceAll(
                r -> "row " + rowOfLine.floorEntry(Integer.parseInt(r.group(1))).getValue());
    return text + ": " + rule;
  }

  private static int row(List<Line> rows, String index) {
    return rows.get(Integer.parseInt(index)).number();
  }

  /** A, B, … Z, AA as spreadsheets call their columns. */
  private static String letters(int column) {
    String last = String.valueOf((char) ('A' + column % 26));
    return column < 26 ? last : letters(column / 26 - 1) + last;
  }
}
