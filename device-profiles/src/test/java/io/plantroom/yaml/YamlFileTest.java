package io.plantroom.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlFileTest {
  record Server(
      String host,
      int port,
      @Nullable Duration idleTimeout,
      boolean secure,
      @Nullable Tone tone,
      @Nullable List<String> names,
      @Nullable Inner inner) {
    Server {
      if (port > 65535) {
        throw new IllegalArgumentException("port must be at most 65535, got " + port);
      }
      if (port == 13) {
        throw new ProblemAt("/inner/depth", "13 brings bad luck to this depth");
      }
    }
  }

  record Inner(String text, double depth) {}

  enum Tone {
    VERY_LOUD,
    QUIET
  }

  @Test
  void keysAreKebabDurationsAreTextAndAMissingFlagIsFalse() throws YamlException {
    Server server =
        YamlFile.parse(
                "s.yaml",
                "host: box\nport: 0x50\nidle-timeout: 2h\ntone: very-loud\nnames: [a, b]\n")
            .as(Server.class);
    assertThat(server)
        .isEqualTo(
            new Server(
                "box", 80, Duration.ofHours(2), false, Tone.VERY_LOUD, List.of("a", "b"), null));
  }

  @Test
  void noAndClockTimesStayTheTextThatPeopleMean() throws YamlException {
    Server server =
        YamlFile.parse("s.yaml", "host: no\nport: 1\nnames: [12:30, off, yes, 1e3x, 2026-06-01]")
            .as(Server.class);
    assertThat(server.host()).isEqualTo("no");
    assertThat(server.names()).containsExactly("12:30", "off", "yes", "1e3x", "2026-06-01");
  }

  @Test
  void aSerialNumberKeepsEveryDigitThatWasWritten() throws YamlException {
    String names = "[007, 12E4, 1_000, 1.10, 20260600000000000001, 1:1]";
    Server server =
        YamlFile.parse("s.yaml", "host: 00123\nport: 1\nnames: " + names).as(Server.class);
    assertThat(server.host()).isEqualTo("00123");
    assertThat(server.names())
        .containsExactly("007", "12E4", "1_000", "1.10", "20260600000000000001", "1:1");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "-2.5, -2.5", "1e-3, 0.001", "1.5E+3, 1500", "0.5, 0.5", "0x10, 16"})
  void aNumberIsRead(String written, double depth) throws YamlException {
    Inner inner = YamlFile.parse("s.yaml", "text: a\ndepth: " + written).as(Inner.class);
    assertThat(inner.depth()).isEqualTo(depth);
  }

  @Test
  void aDurationIsEveryUnitThatPeopleWrite() throws YamlException {
    for (String[] pair :
        new String[][] {{"500ms", "PT0.5S"}, {"30s", "PT30S"}, {"5m", "PT5M"}, {"7d", "PT168H"}}) {
      Server server =
          YamlFile.parse("s.yaml", "host: a\nport: 1\nidle-timeout: " + pair[0]).as(Server.class);
      assertThat(server.idleTimeout()).isEqualTo(Duration.parse(pair[1]));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "host: a; port: abc        | s.yaml:2: port: expected a whole number, got \"abc\"",
        "host: a; port: 1.5        | s.yaml:2: port: expected a whole number, got 1.5",
        "host: a; port: 12:30      | s.yaml:2: port: expected a whole number, got \"12:30\"",
        "host: a; port:            | s.yaml:2: port: expected a whole number, got nothing",
        "host: a                   | s.yaml:1: port: is missing; expected a whole number",
        "host: [a]; port: 1        | s.yaml:1: host: expected text, got a list",
        "port: 1; secure: no       | s.yaml:2: secure: expected true or false, got \"no\"",
        "port: 1; names: a         | s.yaml:2: names: expected a list, got \"a\"",
        "port: 1; inner: a         | s.yaml:2: inner: expected keys with values, got \"a\"",
        "port: 1; inner:;   depth: x | s.yaml:3: inner/depth: expected a number, got \"x\"",
        "port: 70000               | s.yaml:1: port must be at most 65535, got 70000",
        "port: 1; port: 2          | s.yaml:2: port: stands twice",
        "port: 1; inner:;   text: a;   text: b | s.yaml:4: inner/text: stands twice",
        "port: 1; tone: loud       | s.yaml:2: tone: expected one of very-loud, quiet, got \"loud\"",
        "port: 1; idle-timeout: 5 s | s.yaml:2: idle-timeout: expected a duration such as 500ms, 30s, 5m, 2h or 7d, got \"5 s\"",
        "port: 1; idleTimeout: 5s  | s.yaml:2: idleTimeout: unknown key; known here are host, idle-timeout, inner, names, port, secure, tone",
        "port: 13; inner:;   text: a;   depth: 1 | s.yaml:4: inner/depth: 13 brings bad luck to this depth",
        "- 1                       | s.yaml:1: expected keys with values, got a list",
        "? [a]; : 1                | s.yaml:1: a key must be plain text",
        "host: [a                  | s.yaml:1: not YAML: expected ',' or ']', but got <stream end>",
        "``                        | s.yaml: the file is empty",
      })
  void aProblemNamesFileLinePathAndRule(String yaml, String problem) {
    YamlException e =
        catchThrowableOfType(
            YamlException.class,
            () ->
                YamlFile.parse("s.yaml", yaml.replace("; ", "\n").replace(";", "\n"))
                    .as(Server.class));
    assertThat(e.problems()).containsExactly(problem);
  }

  @Test
  void aMissingFileSaysSo(@TempDir Path folder) {
    Path file = folder.resolve("none.yaml");
    YamlException e = catchThrowableOfType(YamlException.class, () -> YamlFile.read(file));
    assertThat(e).hasMessage(file + ": this file does not exist");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 40})
  void aFileThatExplodesWhenItsAliasesAreFollowedIsRefused(int levels) {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < levels; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    YamlException e =
        catchThrowableOfType(
            YamlException.class, () -> YamlFile.parse("bomb.yaml", bomb.toString()));
    assertThat(e)
        .hasMessage(
            levels == 20
                ? "bomb.yaml:1: more than 200000 values"
                : "bomb.yaml: not YAML: Number of aliases for non-scalar nodes exceeds the"
                    + " specified max=50");
  }

  @Test
  void anAliasOfItsOwnParentIsRefused() {
    YamlException e =
        catchThrowableOfType(YamlException.class, () -> YamlFile.parse("s.yaml", "a: &a [*a]"));
    assertThat(e).hasMessage("s.yaml:1: an alias refers to what contains it");
  }
}
