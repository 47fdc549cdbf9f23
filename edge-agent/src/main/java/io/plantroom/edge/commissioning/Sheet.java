package io.plantroom.edge.commissioning;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.wire.Event;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commissioning sheet: what each point showed, room for what the device itself showed. */
record Sheet(String gateway, List<Page> pages, Language language) {
  private static final String STYLE =
      """
      body { font: 10pt sans-serif; margin: 1.5em; }
      table { border-collapse: collapse; width: 100%; margin-bottom: .5em; }
      th, td { border: 1px solid #777; padding: 2px 5px; text-align: left; }
      td.n { text-align: right; } td.e { min-width: 6em; } tr.bad { background: #fdd; }
      section { page-break-after: always; } .sign td { height: 3em; vertical-align: top; }
      """;

  /**
   * One device.
   *
   * @param problem why it was not read, null when it was
   */
  record Page(DeviceConfig device, List<Reading> readings, @Nullable String problem) {}

  private List<String> heads() {
    return language.chinese()
        ? List.of("点位", "名称", "地址", "原始值", "数值", "单位", "质量", "现场示值", "核对")
        : List.of(
            "Point", "Title", "Address", "Raw", "Value", "Unit", "Quality", "Seen on device", "OK");
  }

  private List<String> cells(Reading r) {
    boolean zh = language.chinese();
    return List.of(
        r.point().name(),
        r.title(zh),
        r.address(),
        r.rawText(),
        r.value(zh),
        r.unit(),
        r.quality(),
        "",
        "");
  }

  String html() {
    String time =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx")
            .format(ZonedDateTime.now(ZoneId.systemDefault()));
    StringBuilder b =
        new StringBuilder("<!doctype html><html><head><meta charset=\"utf-8\"><title>");
    String title = language.of("设备调试记录表", "Commissioning sheet");
    b.append(title).append(' ').append(escaped(gateway)).append("</title><style>");
    b.append(STYLE).append("</style></head><body>");
    for (Page page : pages) {
      b.append("<section><h1>").append(title).append("</h1><p>");
      b.append(language.of("网关", "Gateway")).append(": ").append(escaped(gateway));
      b.append(" · ").append(time).append("</p>");
      device(b, page);
      points(b, page);
      signatures(b);
      b.append("</section>");
    }
    return b.append("</body></html>\n").toString();
  }

  private void device(StringBuilder b, Page page) {
    DeviceConfig d = page.device();
    b.append("<h2>").append(escaped(local(d.name()))).append("</h2><table>");
    row(b, language.of("标识", "Key"), d.key());
    row(b, language.of("型号", "Model"), d.profile().maker() + " " + d.profile().model());
    row(b, language.of("位置", "Location"), d.location() == null ? "" : local(d.location()));
    row(b, language.of("通信地址", "Endpoint"), d.describe().endpoint());
    row(b, language.of("序列号", "Serial"), d.serial() == null ? "" : d.serial());
    b.append("</table>");
  }

  private static void row(StringBuilder b, String head, String cell) {
    b.append("<tr><th>").append(escaped(head)).append("</th><td>").append(escaped(cell));
    b.append("</td></tr>");
  }

  private void points(StringBuilder b, Page page) {
    if (page.problem() != null) {
      b.append("<p><strong>").append(language.of("无应答", "Did not answer")).append(": ");
      b.append(escaped(page.problem())).append("</strong></p>");
      return;
    }
    b.append("<table><tr>");
    heads().forEach(h -> b.append("<th>").append(escaped(h)).append("</th>"));
    b.append("</tr>");
    for (Reading r : page.readings()) {
      b.append(r.good() ? "<tr>" : "<tr class=\"bad\">");
      List<String> cells = cells(r);
      for (int i = 0; i < cells.size(); i++) {
        b.append(i == 3 || i == 4 ? "<td class=\"n\">" : i > 6 ? "<td class=\"e\">" : "<td>");
        b.append(escaped(cells.get(i))).append("</td>");
      }
      b.append("</tr>");
    }
    b.append("</table>");
  }

  private void signatures(StringBuilder b) {
    b.append("<table class=\"sign\"><tr>");
    List<String> who =
        language.chinese()
            ? List.of("调试人 / 日期", "物业工程 / 日期", "监理 / 日期")
            : List.of("Commissioned by / date", "Facility / date", "Supervisor / date");
    who.forEach(w -> b.append("<td>").append(escaped(w)).append("</td>"));
    b.append("</tr></table>");
  }

  /** With a byte order mark, so that Excel reads Chinese. */
  String csv() {
    StringBuilder b = new StringBuilder("\ufeff");
    b.append(language.of("设备", "Device")).append(',');
    b.append(String.join(",", heads())).append("\r\n");
    for (Page page : pages) {
      for (Reading r : page.readings()) {
        b.append(field(page.device().key()));
        cells(r).forEach(c -> b.append(',').append(field(c)));
        b.append("\r\n");
      }
      if (page.problem() != null) {
        b.append(field(page.device().key())).append(",,,,,,,").append(field(page.problem()));
        b.append(",,\r\n");
      }
    }
    return b.toString();
  }

  /** Quoted, and without what a spreadsheet would take for a formula. */
  private static String field(String text) {
    boolean formula = text.matches("(?s)[=+@\\t].*|-(?![\\d.]).+");
    return "\"" + (formula ? "'" : "") + text.replace("\"", "\"\"") + "\"";
  }

  private String local(Event.LocalName name) {
    return language.chinese() ? name.zh() : name.en();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
