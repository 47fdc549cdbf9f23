package io.plantroom.edge.commissioning;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverException;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.profile.Profile;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.ProfileLoader;
import io.plantroom.profile.Protocol;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Quality;
import io.plantroom.wire.Event;
import io.plantroom.yaml.YamlException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Looks who answers on Modbus: one register is read from each unit, nothing is ever written. A unit
 * that answers with an exception is there, too.
 */
@Command(
    name = "scan",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Looks which Modbus units answer, on one line or over a range of hosts. Only reads.",
      "扫描 Modbus 从站：一条总线或一段地址。只读，不写。"
    },
    footer = {
      "",
      "  plantroom-edge scan modbus-tcp://192.0.2.17:502 --units 1-32",
      "  plantroom-edge scan modbus-tcp://HOST:502 --hosts 192.0.2.1-254 --units 1,255",
      "  plantroom-edge scan modbus-rtu-tcp://192.0.2.17:4001 --units 1-10 --profile eastron-sdm630"
    })
final class ScanCommand implements Callable<Integer> {
  private static final int AT_ONCE = 16;

  private final Function<Path, Map<String, DriverFactory>> drivers;

  @Parameters(
      paramLabel = "ENDPOINT",
      description = {"The line, without unit.", "总线地址，不含从站号。"})
  private URI endpoint = URI.create("modbus-tcp://127.0.0.1:502");

  @Option(
      names = "--units",
      paramLabel = "RANGE",
      description = {"Units to ask, for instance 1-32,40; 1 unless said.", "从站号，例如 1-32,40，默认 1。"})
  private String units = "1";

  @Option(
      names = "--hosts",
      paramLabel = "RANGE",
      description = {
        "Hosts in place of the endpoint's: 192.0.2.1-254 or 192.0.2.0/24.",
        "主机范围：192.0.2.1-254 或 192.0.2.0/24。"
      })
  private @Nullable String hosts;

  @Option(
      names = {"-p", "--profile"},
      paramLabel = "ID",
      description = {"Models to try on each unit found; may be repeated.", "对找到的从站试用的型号，可重复。"})
  private List<String> profiles = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "MS",
      description = {"How long a unit may take, 500.", "等待应答的毫秒数，默认 500。"})
  private int timeoutMillis = 500;

  @Option(
      names = "--register",
      paramLabel = "N",
      description = {"Holding register that is read to knock, 0.", "用于探测的保持寄存器，默认 0。"})
  private int register;

  @Mixin private Language language = new Language();
  @Spec private @Nullable CommandSpec spec;

  ScanCommand(Function<Path, Map<String, DriverFactory>> drivers) {
    this.drivers = drivers;
  }

  /** What was found at an endpoint. */
  private record Found(String endpoint, String answer) {}

  @Override
  public Integer call() throws Exception {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    List<Profile> candidates = new ArrayList<>();
    List<Integer> asked;
    List<URI> lines;
    try {
      asked = AddressRange.units(units);
      lines = lines();
      ProfileCatalog catalog = ProfileCatalog.builtIn();
      for (String id : profiles) {
        candidates.add(
            catalog
                .find(id)
                .filter(p -> p.protocol() == Protocol.MODBUS)
                .orElseThrow(() -> new IllegalArgumentException("no Modbus profile '" + id + "'")));
      }
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.flush();
      return 2;
    }
    List<Found> found = scan(lines, asked, candidates);
    Table table = new Table();
    table.row(language.of("地址", "endpoint"), language.of("应答", "answer"));
    found.forEach(f -> table.row(f.endpoint(), f.answer()));
    table.print(out);
    out.println(
        language.of(
            "共探测 " + lines.size() * asked.size() + " 个从站，" + found.size() + " 个应答。",
            found.size() + " of " + lines.size() * asked.size() + " units answered."));
    out.flush();
    return found.isEmpty() ? 1 : 0;
  }

  private List<URI> lines() {
    String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.startsWith("modbus-")) {
      throw new IllegalArgumentException(
          "expected an endpoint such as modbus-tcp://192.0.2.17:502, got \"" + endpoint + "\"");
    }
    if (hosts == null) {
      return List.of(endpoint);
    }
    String query = endpoint.getRawQuery() == null ? "" : "?" + endpoint.getRawQuery();
    String port = endpoint.getPort() < 0 ? ":502" : ":" + endpoint.getPort();
    return AddressRange.hosts(hosts).stream()
        .map(h -> URI.create(scheme + "://" + h + port + query))
        .toList();
  }

  private List<Found> scan(List<URI> lines, List<Integer> asked, List<Profile> candidates)
      throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(AT_ONCE, lines.size()));
    try {
      List<Future<List<Found>>> all = new ArrayList<>();
      for (URI line : lines) {
        all.add(pool.submit(() -> scan(line, asked, candidates)));
      }
      List<Found> found = new ArrayList<>();
      for (Future<List<Found>> one : all) {
        found.addAll(one.get());
      }
      return found;
    } finally {
      pool.shutdownNow();
    }
  }

  private List<Found> scan(URI line, List<Integer> asked, List<Profile> candidates)
      throws YamlException {
    Profile knock = knock();
    List<Found> found = new ArrayList<>();
    for (int unit : asked) {
      URI at = URI.create(line + (line.getRawQuery() == null ? "?" : "&") + "unit=" + unit);
      try {
        RawValue value =
            Reading.with(newDrivers(), device(knock, at), d -> d.read(knock.points()).get(0));
        if (value.cause() != Cause.TIMEOUT && value.cause() != Cause.NO_CONNECTION) {
          String answer =
              value.raw() == null
                  ? language.of("异常应答", "exception")
                  : language.of("正常", "register");
          found.add(new Found(at.toString(), answer + fits(at, candidates)));
        }
      } catch (DriverException e) {
        if (e.reason() == Cause.NO_CONNECTION) {
          return found; // Nobody listens there, for no unit.
        }
      }
    }
    return found;
  }

  private Map<String, DriverFactory> newDrivers() {
    return drivers.apply(Path.of(""));
  }

  /** How many points of each candidate have a value that makes sense. */
  private String fits(URI at, List<Profile> candidates) {
    StringBuilder text = new StringBuilder();
    for (Profile p : candidates) {
      try {
        DeviceConfig device = device(p, at);
        List<Reading> all =
            Reading.with(newDrivers(), device, (ProtocolDriver d) -> Reading.all(d, device));
        long good = all.stream().filter(r -> r.sample().quality() == Quality.GOOD).count();
        text.append("  ").append(p.profile()).append(' ').append(good).append('/');
        text.append(all.size());
      } catch (DriverException e) {
        text.append("  ").append(p.profile()).append(": ").append(e.reason());
      }
    }
    return text.toString();
  }

  private static DeviceConfig device(Profile profile, URI at) {
    return new DeviceConfig(
        "scan", profile, at, Duration.ofSeconds(10), new Event.LocalName("-", "-"), null, null);
  }

  private Profile knock() throws YamlException {
    return ProfileLoader.parse(
        "scan",
        """
        profile: scan
        maker: scan
        model: scan
        category: electricity-meter
        protocol: modbus
        name: { zh: 扫描, en: Scan }
        source: one register, only to hear whether somebody answers
        verified: false
        limits: { timeout: %dms }
        points:
          - name: knock
            title: { zh: 探测, en: Knock }
            kind: analog
            unit: "1"
            modbus: { table: holding-register, register: %d, type: uint16 }
        """
            .formatted(Math.max(20, timeoutMillis), register));
  }
}
