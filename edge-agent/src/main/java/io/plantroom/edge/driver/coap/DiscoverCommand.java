package io.plantroom.edge.driver.coap;

import io.plantroom.device.Access;
import io.plantroom.device.Endpoints;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.profile.Protocol;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.californium.core.WebLink;
import org.eclipse.californium.core.coap.LinkFormat;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks a device what it has (RFC 6690). */
@Command(
    name = "discover",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the resources that a device names in /.well-known/core.",
      "列出设备 /.well-known/core 中的资源。"
    })
final class DiscoverCommand implements Callable<Integer> {
  /** LwM2M objects of plant rooms, from the OMA registry. */
  private static final Map<Integer, String> OBJECTS =
      Map.ofEntries(
          Map.entry(3, "Device 设备"),
          Map.entry(503, "Fire alarm 火警"),
          Map.entry(3200, "Digital input 开关量"),
          Map.entry(3302, "Presence 人体感应"),
          Map.entry(3303, "Temperature 温度"),
          Map.entry(3304, "Humidity 湿度"),
          Map.entry(3305, "Power 功率"),
          Map.entry(3323, "Pressure 压力"),
          Map.entry(3325, "Concentration 浓度"),
          Map.entry(3331, "Energy 电能"),
          Map.entry(3407, "Smoke alarm 烟感"),
          Map.entry(3423, "Gas meter 燃气表"),
          Map.entry(3424, "Water meter 水表"),
          Map.entry(3428, "Air quality 空气质量"),
          Map.entry(3435, "Level 液位"));

  private static final Pattern OBJECT = Pattern.compile("(?:^|/)(\\d{1,5})/\\d{1,5}(?:/|$)");

  @Parameters(paramLabel = "ENDPOINT", description = "coap://host:port or coaps://host:port")
  private @Nullable URI endpoint;

  @Option(names = "--identity", paramLabel = "NAME", description = "For coaps. 预共享密钥标识")
  private @Nullable String identity;

  @Option(names = "--key-file", paramLabel = "FILE", description = "For coaps. 预共享密钥文件")
  private @Nullable Path keyFile;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "Default ${DEFAULT-VALUE}. 超时（秒）")
  private int timeout = 10;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    int exit = discover(Objects.requireNonNull(endpoint), out, err);
    out.flush();
    err.flush();
    return exit;
  }

  private int discover(URI at, PrintWriter out, PrintWriter err) {
    String wrong = Endpoints.problem(at, Protocol.COAP);
    if (wrong != null) {
      err.println(wrong);
      return 2;
    }
    Access access =
        identity == null || keyFile == null ? Access.NONE : Access.preSharedKey(identity, keyFile);
    try (CoapDrivers drivers = new CoapDrivers(InstantSource.system())) {
      CoapPeer peer = drivers.peer(at, access);
      peer.ready();
      Request request = Request.newGet();
      request.setURI(peer.uri("/.well-known/core"));
      Response answer = peer.ask(request, Duration.ofSeconds(timeout));
      if (answer == null || !answer.getCode().isSuccess()) {
        err.println(
            answer == null ? "no answer from " + at : "the device says " + answer.getCode());
        return 1;
      }
      print(out, LinkFormat.parse(answer.getPayloadString()).stream().toList());
      return 0;
    } catch (DriverException e) {
      err.println(e.getMessage());
      return 1;
    }
  }

  private static void print(PrintWriter out, List<WebLink> links) {
    links.stream()
        .sorted(Comparator.comparing(WebLink::getURI))
        .forEach(
            l ->
                out.printf(
                    "%-40s %-7s %-28s %s%n",
                    l.getURI(),
                    l.getAttributes().hasObservable() ? "observe" : "",
                    String.join(
                        " ",
                        l.getAttributes().getContentTypes().stream()
                            .map(DiscoverCommand::format)
                            .toList()),
                    words(l)));
  }

  private static String format(String code) {
    return code.matches("\\d{1,5}")
        ? MediaTypeRegistry.toString(Integer.parseInt(code)).replace("application/", "")
        : code;
  }

  private static String words(WebLink link) {
    StringBuilder words = new StringBuilder();
    Matcher m = OBJECT.matcher(link.getURI());
    if (m.find() && OBJECTS.containsKey(Integer.valueOf(m.group(1)))) {
      words.append(OBJECTS.get(Integer.valueOf(m.group(1)))).append(' ');
    }
    String title = link.getAttributes().getTitle();
    return words
        .append(String.join(" ", link.getAttributes().getResourceTypes()))
        .append(title == null ? "" : " " + title)
        .toString()
        .strip();
  }
}
