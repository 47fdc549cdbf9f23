package io.plantroom.edge.commissioning;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** In which language tables and sheets speak. */
final class Language {
  @Option(
      names = "--lang",
      paramLabel = "zh|en",
      description = {"Language of the output; the system's unless said.", "输出语言，默认随系统。"})
  private @Nullable Code code;

  /** The languages of the product. */
  enum Code {
    zh,
    en
  }

  boolean chinese() {
    return code == null ? "zh".equals(Locale.getDefault().getLanguage()) : code == Code.zh;
  }

  String of(String zh, String en) {
    return chinese() ? zh : en;
  }
}
