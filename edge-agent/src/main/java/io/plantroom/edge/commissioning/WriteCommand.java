package io.plantroom.edge.commissioning;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plantroom.edge.command.WriteByHand;
import io.plantroom.edge.commissioning.TargetOption.Target;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.WritingDriver;
import io.plantroom.profile.Point;
import io.plantroom.profile.StateText;
import io.plantroom.wire.CommandReason;
import io.plantroom.wire.Event.CommandOutcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sets a point once, for whoever stands before the device. */
@Command(
    name = "write",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Sets one writable point of a device and reads it back. Without --yes it only shows what would be written.",
      "The model's bounds hold, a configuration must allow the point, and fire equipment is never written.",
      "The hub does not hear of it; it is noted in writes-by-hand.jsonl of the data folder.",
      "设置一台设备的一个可写点位并回读；不加 --yes 时只显示将要写入的内容。",
      "遵守设备模型的范围，配置文件须允许该点位，消防设备一律不写。",
      "不经过中枢，写入记录保存在数据目录的 writes-by-hand.jsonl 中。"
    },
    footer = {
      "",
      "  plantroom-edge write -c edge.yaml -d ahu-1 setpoint 22.5 --yes",
      "",
      "On a serial line stop the agent first: two cannot talk at once. 串口总线请先停止采集代理。"
    })
final class WriteCommand implements Callable<Integer> {
  private final Function<Path, Map<String, DriverFactory>> drivers;

  @Parameters(index = "0", paramLabel = "POINT", description = "A writable point. 可写点位")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "VALUE",
      description = "In the point's unit, or the code of a state. 数值，或状态代码")
  private String value = "";

  @Mixin private TargetOption target = new TargetOption();

  @Option(
      names = "--yes",
      description = {"Really writes.", "确认写入。"})
  private boolean yes;

  @Mixin private Language language = new Language();
  @Spec private @Nullable CommandSpec spec;

  WriteCommand(Function<Path, Map<String, DriverFactory>> drivers) {
    this.drivers = drivers;
  }

  @Override
  public Integer call() {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    Target found = target.find(err);
    if (found == null) {
      return 2;
    }
    int exit = write(found, out, err);
    out.flush();
    err.flush();
    return exit;
  }

  private int write(Target found, PrintWriter out, PrintWriter err) {
    WriteByHand asked = WriteByHand.of(found.device(), name, value);
    CommandReason refusal = asked.refusal();
    if (refusal == null && !found.allows(name)) {
      refusal = CommandReason.NOT_ALLOWED;
    }
    if (refusal != null) {
      err.println(found.device().key() + "/" + name + ": " + words(refusal));
      return 2;
    }
    try {
      return Reading.with(
          drivers.apply(found.data()),
          found.device(),
          driver -> write(driver, found, asked, out, err));
    } catch (DriverException e) {
      err.println(found.device().key() + ": " + e.reason() + ": " + e.getMessage());
      return 1;
    }
  }

  private int write(
      ProtocolDriver driver, Target found, WriteByHand asked, PrintWriter out, PrintWriter err)
      throws DriverException {
    if (!(driver instanceof WritingDriver writer)) {
      err.println(words(CommandReason.NO_WRITER));
      return 2;
    }
    // A device that does not answer is not written to.
    String before = asked.shown(writer);
    Point point = Objects.requireNonNull(asked.point());
    if (!yes) {
      print(out, point, before, "", language.of("未写入：需加 --yes", "not written: needs --yes"));
      return 1;
    }
    WriteLog log = new WriteLog(found.data(), InstantSource.system());
    ObjectNode entry =
        WriteLog.entry(
            found.device().key(),
            Objects.requireNonNullElse(found.device().describe().endpoint(), ""),
            name,
            value);
    entry.put("before", before);
    try {
      log.add(entry, "writing");
    } catch (IOException e) {
      err.println(words(CommandReason.DISK) + ": " + e.getMessage());
      return 1;
    }
    WriteByHand.End end = asked.write(writer);
    entry.put("after", end.shown());
    String result = result(end);
    print(out, point, before, Objects.requireNonNullElse(end.shown(), "-"), result);
    try {
      log.add(entry, end.outcome().name().toLowerCase(java.util.Locale.ROOT));
    } catch (IOException e) {
      err.println(log.file() + ": " + e.getMessage());
    }
    out.println(
        language.of("中枢不知道此次写入；记录在 ", "The hub does not hear of this; it is noted in ")
            + log.file());
    return end.outcome() == CommandOutcome.DONE ? 0 : 1;
  }

  private void print(
      PrintWriter out, Point point, @Nullable String before, String after, String result) {
    Table table = new Table();
    table.row(
        language.of("点位", "point"),
        language.of("名称", "title"),
        language.of("写入前", "before"),
        language.of("写入值", "written"),
        language.of("回读", "read back"),
        language.of("单位", "unit"),
        language.of("结果", "result"));
    table.row(
        point.name(),
        language.of(point.title().zh(), point.title().en()),
        shown(point, before),
        shown(point, value),
        shown(point, after),
        point.unit() == null || point.unit().equals("1") ? "" : point.unit(),
        result);
    table.print(out);
  }

  private String shown(Point point, @Nullable String text) {
    if (text == null) {
      return "-";
    }
    for (StateText state : point.states()) {
      if (String.valueOf(state.code()).equals(text)) {
        return text + " " + language.of(state.title().zh(), state.title().en());
      }
    }
    return text;
  }

  private String result(WriteByHand.End end) {
    String outcome =
        switch (end.outcome()) {
          case DONE -> language.of("完成", "done");
          case REFUSED -> language.of("未写入", "not written");
          case FAILED -> language.of("失败", "failed");
          default -> language.of("结果未知", "unknown");
        };
    CommandReason reason = end.reason();
    return outcome
        + (reason == null ? "" : ": " + words(reason))
        + (end.detail() == null ? "" : " (" + end.detail() + ")");
  }

  private String words(CommandReason reason) {
    return language.of(reason.text().zh(), reason.text().en());
  }
}
