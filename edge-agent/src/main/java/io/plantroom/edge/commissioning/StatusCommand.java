package io.plantroom.edge.commissioning;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Links, backlog and configuration of the running agent. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {"Shows links and backlog of the running agent.", "显示正在运行的代理的链路与积压。"},
    footer = {"", "  plantroom-edge status -c edge.yaml"})
final class StatusCommand implements Callable<Integer> {
  @Mixin private AgentStatus agent = new AgentStatus();
  @Mixin private Language language = new Language();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    JsonNode status = agent.ask(Objects.requireNonNull(spec).commandLine().getErr());
    if (status == null) {
      return 2;
    }
    PrintWriter out = spec.commandLine().getOut();
    String down = status.path("uplinkDown").asText("");
    Table head = new Table();
    head.row(language.of("版本", "version"), status.path("version").asText());
    head.row(language.of("时间", "time"), status.path("at").asText());
    head.row(language.of("时钟可信", "clock trusted"), status.path("clockTrusted").asText());
    head.row(
        language.of("上行链路", "uplink"),
        status.path("uplinkDown").isNull() ? language.of("正常", "up") : down);
    head.row(language.of("告警", "alarms"), status.path("alarmsRaised").asText());
    head.row(
        language.of("中枢配置", "configuration from the hub"),
        status.at("/desired/running").asText("-"));
    head.print(out);
    BacklogCommand.lanes(status, language).print(out);
    devices(status).print(out);
    status.path("problems").forEach(p -> out.println(p.asText()));
    out.flush();
    return 0;
  }

  private Table devices(JsonNode status) {
    Table table = new Table();
    table.row(
        language.of("设备", "device"),
        language.of("链路", "link"),
        language.of("轮询", "polls"),
        language.of("失败", "misses"),
        language.of("上次应答", "last answer"),
        language.of("原因", "reason"));
    for (JsonNode d : status.path("devices")) {
      table.row(
          d.path("key").asText(),
          d.path("online").asBoolean() ? language.of("在线", "online") : language.of("离线", "offline"),
          d.path("polls").asText(),
          d.path("misses").asText(),
          d.path("lastAnswer").asText("-"),
          d.path(language.of("reasonZh", "reason")).asText(""));
    }
    return table;
  }
}
