package io.plantroom.edge.commissioning;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What waits for the hub. */
@Command(
    name = "backlog",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {"Shows what the running agent has not brought to the hub yet.", "显示尚未送达中枢的积压。"},
    footer = {"", "  plantroom-edge backlog -c edge.yaml"})
final class BacklogCommand implements Callable<Integer> {
  @Mixin private AgentStatus agent = new AgentStatus();
  @Mixin private Language language = new Language();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    JsonNode status = agent.ask(Objects.requireNonNull(spec).commandLine().getErr());
    if (status == null) {
      return 2;
    }
    lanes(status, language).print(spec.commandLine().getOut());
    return 0;
  }

  static Table lanes(JsonNode status, Language language) {
    Table table = new Table();
    table.row(
        language.of("队列", "queue"),
        language.of("最新序号", "last"),
        language.of("已确认", "committed"),
        language.of("积压", "backlog"),
        language.of("丢失", "lost"));
    status
        .path("queues")
        .properties()
        .forEach(
            q ->
                table.row(
                    q.getKey(),
                    q.getValue().path("last").asText(),
                    q.getValue().path("released").asText(),
                    q.getValue().path("backlog").asText(),
                    q.getValue().path("lost").asText()));
    return table;
  }
}
