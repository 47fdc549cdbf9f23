package io.plantroom.edge.driver.opcua;

import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.jspecify.annotations.Nullable;

/** A profile of what was found. It loads; whether it is right only a person can say. */
final class Skeleton {
  private final String profile;
  private final String category;
  private final @Nullable String device;
  private final URI server;
  private final Set<String> taken = new HashSet<>();

  Skeleton(String profile, String category, @Nullable String device, URI server) {
    this.profile = profile;
    this.category = category;
    this.device = device;
    this.server = server;
  }

  String yaml(List<Browser.Found> points) {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # Found by browsing. To be looked over: names and titles (zh), units, states; kind counter for what only
        # rises; deadband and scan; alarms, maintenance and billing.
        """);
    line(out, "profile: ", profile);
    out.append("maker: Unknown\nmodel: Unknown\n");
    line(out, "category: ", category);
    out.append("protocol: opc-ua\n");
    line(out, "name: ", "{ zh: 新设备, en: New device }");
    line(out, "source: ", quoted("browsed at " + server.getHost() + ":" + server.getPort()));
    out.append("verified: false\npoints:\n");
    points.forEach(p -> point(out, p));
    return out.toString();
  }

  private void point(StringBuilder out, Browser.Found p) {
    line(out, "  - name: ", name(p));
    String title = quoted(p.title().isBlank() ? p.name() + "?" : p.title());
    line(out, "    title: ", "{ zh: " + title + ", en: " + title + " }");
    if (p.value() instanceof Boolean) {
      out.append("    kind: state\n");
    } else if (!p.states().isEmpty()) {
      out.append("    kind: state\n");
    } else if (p.value() instanceof String || p.value() instanceof LocalizedText) {
      out.append("    kind: text\n");
    } else {
      out.append("    kind: analog\n");
      String unit = p.unit();
      line(out, "    unit: ", quoted(unit == null || unit.isBlank() ? "1" : unit));
    }
    line(out, "    opc-ua: ", "{ node: " + quoted(node(p)) + " }");
    states(out, p);
  }

  private static void states(StringBuilder out, Browser.Found p) {
    if (p.value() instanceof Boolean) {
      out.append("    states:\n");
      out.append("      - { code: 0, title: { zh: 否, en: \"No\" } }\n");
      out.append("      - { code: 1, title: { zh: 是, en: \"Yes\" } }\n");
    } else if (!p.states().isEmpty()) {
      out.append("    states:\n");
      for (int i = 0; i < p.states().size(); i++) {
        String text = p.states().get(i);
        String title = quoted(text.isBlank() ? "state " + i : text);
        out.append(
            "      - { code: " + i + ", title: { zh: " + title + ", en: " + title + " } }\n");
      }
    }
  }

  private String node(Browser.Found p) {
    String node = p.node().toParseableString();
    return device == null || device.isEmpty() ? node : node.replace(device, "{device}");
  }

  /**
   * Its own name, with its parent's where two have the same, with a number where that is no help.
   */
  private String name(Browser.Found p) {
    String own = kebab(p.name());
    String both = kebab(p.parent() + "-" + p.name());
    String name = own.isEmpty() ? "point" : own;
    if (taken.contains(name) && !both.isEmpty()) {
      name = both;
    }
    String free = name;
    for (int i = 2; !taken.add(free); i++) {
      free = name + "-" + i;
    }
    return free;
  }

  private static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9]+", "-")
        .replaceAll("^-+|-+$", "");
  }

  private static void line(StringBuilder out, String key, String value) {
    out.append(key).append(value).append('\n');
  }

  /** What is a string in JSON is the same one in YAML. */
  private static String quoted(String text) {
    return TextNode.valueOf(text).toString();
  }
}
