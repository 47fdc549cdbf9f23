package io.plantroom.edge.driver.opcua;

import io.plantroom.device.Access;
import io.plantroom.device.Endpoints;
import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.profile.Protocol;
import io.plantroom.yaml.YamlException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the beginning of a profile of what a server offers. */
@Command(
    name = "browse",
    mixinStandardHelpOptions = true,
    description = {
      "Looks through a server and prints a profile that loads, to be looked over by a person.",
      "浏览服务器节点并输出设备模型（YAML）草稿，需人工核对。"
    })
final class BrowseCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ENDPOINT", description = "opc.tcp://host:port/path[?security=…]")
  private @Nullable URI endpoint;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "Configuration, for certificates. 配置文件")
  private @Nullable Path config;

  @Option(names = "--user", paramLabel = "NAME", description = "User. 用户名")
  private @Nullable String user;

  @Option(names = "--password-file", paramLabel = "FILE", description = "His password. 密码文件")
  private @Nullable Path passwordFile;

  @Option(
      names = "--below",
      paramLabel = "NODE",
      description = "Looks below this node only, for instance ns=2;s=lift-1. 起始节点")
  private @Nullable String below;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "Becomes {device} in node ids, so that the profile fits others. 设备名")
  private @Nullable String device;

  @Option(
      names = "--profile",
      paramLabel = "ID",
      defaultValue = "new-model",
      description = "Id of the profile; default ${DEFAULT-VALUE}. 模型标识")
  private String profile = "new-model";

  @Option(
      names = "--category",
      paramLabel = "WORD",
      defaultValue = "sensor",
      description = "lift, pump, …; default ${DEFAULT-VALUE}. 类别")
  private String category = "sensor";

  @Option(
      names = "--most",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Most points; default ${DEFAULT-VALUE}. 最多点数")
  private int most = 2000;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    int exit = browse(Objects.requireNonNull(endpoint), out, err);
    out.flush();
    err.flush();
    return exit;
  }

  private int browse(URI at, PrintWriter out, PrintWriter err) {
    String wrong = Endpoints.problem(at, Protocol.OPC_UA);
    if (wrong != null || (user == null) != (passwordFile == null)) {
      err.println(wrong != null ? wrong : "--user and --password-file go together");
      return 2;
    }
    Access access =
        user == null || passwordFile == null ? Access.NONE : Access.user(user, passwordFile);
    OpcUaLine line = null;
    try {
      Path folder = EdgeConfig.load(Objects.requireNonNull(config)).data().resolve("opcua");
      line = OpcUaDrivers.line(ServerAt.of(at, access), folder, InstantSource.system());
      Browser browser = new Browser(line.connected(), most);
      List<Browser.Found> found = browser.below(below);
      String yaml = new Skeleton(profile, category, device, at).yaml(found);
      var unused = ProfileLoader.parse(profile + ".yaml", yaml);
      out.print(yaml);
      err.println(
          found.size()
              + " points; left out: "
              + browser.leftOut()
              + " nodes that hold arrays, structures or nothing"
              + (browser.isCut() ? "; there are more, see --most" : ""));
      return 0;
    } catch (YamlException e) {
      e.problems().forEach(err::println);
      return 2;
    } catch (DriverException e) {
      err.println(e.getMessage());
      return 1;
    } finally {
      if (line != null) {
        line.close();
      }
    }
  }
}
