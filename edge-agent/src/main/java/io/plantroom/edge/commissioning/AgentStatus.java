package io.plantroom.edge.commissioning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.yaml.YamlException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Asks the running agent by its management port. */
final class AgentStatus {
  @ArgGroup(exclusive = true, multiplicity = "1")
  private Where where = new Where();

  private static final class Where {
    @Option(
        names = {"-c", "--config"},
        paramLabel = "FILE",
        description = {"Configuration of the running agent.", "正在运行的代理的配置文件。"})
    private @Nullable Path config;

    @Option(
        names = "--url",
        paramLabel = "URL",
        description = {
          "Its management address, for instance http://127.0.0.1:9470.",
          "管理地址，例如 http://127.0.0.1:9470。"
        })
    private @Nullable URI url;
  }

  /** Its status, or null when it cannot be had; then the reason was printed. */
  @Nullable JsonNode ask(PrintWriter err) {
    URI base = base(err);
    if (base == null) {
      return null;
    }
    try {
      HttpRequest request =
          HttpRequest.newBuilder(base.resolve("/status")).timeout(Duration.ofSeconds(10)).build();
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() == 200) {
        return new ObjectMapper().readTree(answer.body());
      }
      err.println(base + ": answered " + answer.statusCode());
    } catch (IOException e) {
      err.println(base + ": the agent does not answer / 代理无应答: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    err.flush();
    return null;
  }

  private @Nullable URI base(PrintWriter err) {
    if (where.url != null) {
      return where.url;
    }
    if (where.config == null) {
      throw new IllegalStateException("the command line gives one of both");
    }
    try {
      EdgeConfig.Management m = EdgeConfig.load(where.config).management();
      if (m.portOrFree() != 0) {
        return URI.create("http://" + m.hostOrLoopback() + ":" + m.portOrFree());
      }
      err.println("management: it takes a free port; give its address by --url");
    } catch (YamlException e) {
      e.problems().forEach(err::println);
    }
    err.flush();
    return null;
  }
}
