package io.plantroom.edge.page;

import io.plantroom.edge.commissioning.ConfigOption;
import io.plantroom.edge.config.EdgeConfig;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sets the password of the status page; never as an argument, where others would see it. */
@Command(
    name = "password",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {"Sets the password of the status page.", "设置状态页面的密码。"},
    footer = {"", "  plantroom-edge password -c edge.yaml"})
public final class PasswordCommand implements Callable<Integer> {
  @Mixin private ConfigOption config = new ConfigOption();

  @Option(
      names = "--stdin",
      description = {"Takes it from the first line of the input.", "从标准输入的第一行读取。"})
  private boolean stdin;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    EdgeConfig loaded = config.load(err);
    if (loaded == null) {
      return 2;
    }
    try {
      String password = stdin ? line() : typed(err);
      if (password != null) {
        new PagePassword(loaded.data()).set(password);
        spec.commandLine().getOut().println("password set / 密码已设置");
        spec.commandLine().getOut().flush();
        return 0;
      }
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
    }
    err.flush();
    return 1;
  }

  private static String line() throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    return line == null ? "" : line;
  }

  // Where there is no terminal, Java 22 and newer give a console that fails to read: said as well.
  @SuppressWarnings("SystemConsoleNull")
  private static @Nullable String typed(PrintWriter err) {
    Console console = System.console();
    if (console == null) {
      err.println("no terminal here; use --stdin / 没有终端，请使用 --stdin");
      return null;
    }
    char[] first = console.readPassword("password / 密码: ");
    char[] second = console.readPassword("again / 再次输入: ");
    if (first == null || !Arrays.equals(first, second)) {
      err.println("not the same twice / 两次输入不一致");
      return null;
    }
    return new String(first);
  }
}
