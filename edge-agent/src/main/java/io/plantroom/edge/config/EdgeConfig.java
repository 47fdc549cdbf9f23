package io.plantroom.edge.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.plantroom.device.DeviceEntries;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.wire.Topics;
import io.plantroom.yaml.YamlException;
import io.plantroom.yaml.YamlFile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything the agent is told. Paths are absolute.
 *
 * @param folder of the configuration file, to which relative names of files belong
 * @param devices those without a problem
 * @param problems what is wrong with the others and with profile files, {@code file:line: path:
 *     rule}
 * @param uplink null when this gateway only collects
 */
public record EdgeConfig(
    Path folder,
    String gateway,
    Path data,
    Management management,
    @Nullable PageConfig page,
    @Nullable UplinkConfig uplink,
    OutboxConfig outbox,
    Duration heartbeat,
    Desired desired,
    CommandsConfig commands,
    ProfileCatalog catalog,
    List<DeviceConfig> devices,
    List<String> problems) {

  /** Where health, metrics and status are served; port 0 takes a free one. */
  public record Management(@Nullable String host, @Nullable Integer port) {
    public Management {
      if (port != null && (port < 0 || port > 65535)) {
        throw new IllegalArgumentException("expected a port from 0 to 65535, got " + port);
      }
    }

    public String hostOrLoopback() {
      return host == null ? "127.0.0.1" : host;
    }

    public int portOrFree() {
      return port == null ? 0 : port;
    }
  }

  /**
   * Where the status page is served.
   *
   * @param certificate PEM file, with {@code key}; needed where others than this machine may come
   */
  public record PageConfig(String host, int port, @Nullable Path certificate, @Nullable Path key) {}

  /**
   * The way to the hub.
   *
   * @param trust PEM file of the authorities that may sign the broker's certificate
   * @param certificate PEM file of this gateway's certificate, and {@code key} of its key, PKCS#8
   * @param maxInFlight frames of a lane that may wait for their receipt
   */
  public record UplinkConfig(
      URI url,
      @Nullable Path trust,
      @Nullable Path certificate,
      @Nullable Path key,
      int maxInFlight) {}

  /**
   * The durable queue.
   *
   * @param flush how long a telemetry record may wait until it is on the disk; only then it is sent
   * @param quotaMb most megabytes (2^20) it keeps: an eighth for events, a quarter for registers
   * @param reserveMb megabytes of the disk that telemetry leaves free
   */
  public record OutboxConfig(
      @Nullable Duration flush, @Nullable Integer quotaMb, @Nullable Integer reserveMb) {
    public OutboxConfig {
      if (quotaMb != null && quotaMb < 8) {
        throw new IllegalArgumentException("quota-mb: expected at least 8, got " + quotaMb);
      }
      if (reserveMb != null && reserveMb < 8) {
        throw new IllegalArgumentException("reserve-mb: expected at least 8, got " + reserveMb);
      }
    }

    public long quotaBytes() {
      return (quotaMb == null ? 2048L : quotaMb) << 20;
    }

    public long reserveBytes() {
      return (reserveMb == null ? 32L : reserveMb) << 20;
    }

    public Duration flushOrDefault() {
      return flush == null ? Duration.ofSeconds(1) : flush;
    }
  }

  /**
   * What may come from the hub.
   *
   * @param accept whether the hub may change which devices are asked, true unless said
   * @param probation how long a changed device may take to answer before the change is taken back
   */
  public record Desired(@Nullable Boolean accept, @Nullable Duration probation) {
    public Desired {
      probation = probation == null ? Duration.ofMinutes(1) : probation;
      if (probation.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException("probation: expected at least 1s");
      }
    }

    public boolean accepted() {
      return accept == null || accept;
    }

    @Override
    public Duration probation() {
      return probation == null ? Duration.ofMinutes(1) : probation;
    }
  }

  /**
   * Reads a configuration.
   *
   * @throws YamlException when the file as such cannot be used; a wrong device is not such a case,
   *     it is named in {@link #problems()}
   */
  public static EdgeConfig load(Path file) throws YamlException {
    YamlFile yaml = YamlFile.read(file);
    Written w = yaml.as(Written.class);
    Path base = Objects.requireNonNull(file.toAbsolutePath().getParent());
    List<String> problems = new ArrayList<>();
    ProfileCatalog catalog = ProfileCatalog.builtIn();
    for (String folder : orEmpty(w.profileFolders)) {
      ProfileCatalog.Extended more = catalog.withFolder(at(base, folder));
      catalog = more.catalog();
      problems.addAll(more.problems());
    }
    DeviceEntries entries = new DeviceEntries(catalog, problems);
    entries.add(yaml, base, orEmpty(w.devices));
    for (String name : orEmpty(w.deviceFiles)) {
      Path more = at(base, name);
      YamlFile read = YamlFile.read(more);
      entries.add(
          read,
          Objects.requireNonNull(more.getParent()),
          orEmpty(read.as(DeviceFile.class).devices));
    }
    List<DeviceConfig> devices = entries.devices().stream().map(DeviceConfig::of).toList();
    CommandsConfig commands = w.commands == null ? CommandsConfig.NONE : w.commands;
    problems.addAll(commands.problems(yaml, devices));
    return new EdgeConfig(
        base,
        gateway(yaml, w.gateway),
        at(base, w.data == null ? "data" : w.data),
        w.management == null ? new Management(null, null) : w.management,
        w.page == null ? null : page(yaml, base, w.page),
        w.uplink == null ? null : uplink(yaml, base, w.uplink),
        w.outbox == null ? new OutboxConfig(null, null, null) : w.outbox,
        w.heartbeat == null ? Duration.ofMinutes(5) : w.heartbeat,
        w.desired == null ? new Desired(null, null) : w.desired,
        commands,
        catalog,
        devices,
        List.copyOf(problems));
  }

  private static String gateway(YamlFile yaml, @Nullable String code) throws YamlException {
    if (code == null) {
      throw new YamlException(yaml.problem("", "gateway is missing: the code of this gateway"));
    }
    if (!Topics.GATEWAY_CODE.matcher(code).matches()) {
      throw new YamlException(
          yaml.problem(
              "/gateway",
              "expected 2 to 63 of a-z, 0-9 and -, not beginning with -, got \"" + code + "\""));
    }
    return code;
  }

  private static PageConfig page(YamlFile yaml, Path base, WrittenPage w) throws YamlException {
    int port = w.port == null ? -1 : w.port;
    if (port < 0 || port > 65535) {
      throw new YamlException(
          yaml.problem("/page/port", "expected a port from 0 to 65535, got " + w.port));
    }
    String host = w.host == null ? "127.0.0.1" : w.host;
    if ((w.certificate == null) != (w.key == null)) {
      throw new YamlException(yaml.problem("/page", "certificate and key go together"));
    }
    if (w.key == null && !List.of("127.0.0.1", "localhost", "::1").contains(host)) {
      throw new YamlException(
          yaml.problem(
              "/page/host",
              "without certificate and key the page is for this machine only; the password would"
                  + " be read on the way"));
    }
    return new PageConfig(host, port, path(base, w.certificate), path(base, w.key));
  }

  private static UplinkConfig uplink(YamlFile yaml, Path base, WrittenUplink w)
      throws YamlException {
    URI url = w.url;
    if (url == null || url.getHost() == null || url.getPort() < 1) {
      throw new YamlException(
          yaml.problem("/uplink/url", "expected mqtts://host:port, got \"" + url + "\""));
    }
    boolean tls = "mqtts".equals(url.getScheme());
    if (!tls && !"mqtt".equals(url.getScheme())) {
      throw new YamlException(
          yaml.problem("/uplink/url", "expected mqtts://host:port, got \"" + url + "\""));
    }
    if (!tls && !List.of("127.0.0.1", "localhost", "[::1]").contains(url.getHost())) {
      throw new YamlException(
          yaml.problem(
              "/uplink/url", "mqtt:// without TLS is for this machine only; use mqtts://"));
    }
    if (tls && (w.trust == null || w.certificate == null || w.key == null)) {
      throw new YamlException(
          yaml.problem("/uplink", "mqtts:// needs the PEM files trust, certificate and key"));
    }
    int window = w.maxInFlight == null ? 8 : w.maxInFlight;
    if (window < 1 || window > 100) {
      throw new YamlException(
          yaml.problem("/uplink/max-in-flight", "expected 1 to 100 frames, got " + window));
    }
    return new UplinkConfig(
        url, path(base, w.trust), path(base, w.certificate), path(base, w.key), window);
  }

  private static @Nullable Path path(Path base, @Nullable String name) {
    return name == null ? null : at(base, name);
  }

  private static Path at(Path base, String name) {
    return base.resolve(name).normalize();
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  private record Written(
      @Nullable String gateway,
      @Nullable String data,
      @Nullable Management management,
      @Nullable WrittenPage page,
      @Nullable WrittenUplink uplink,
      @Nullable OutboxConfig outbox,
      @Nullable Duration heartbeat,
      @Nullable Desired desired,
      @Nullable CommandsConfig commands,
      @Nullable List<String> profileFolders,
      @Nullable List<String> deviceFiles,
      @Nullable List<Map<String, JsonNode>> devices) {}

  private record WrittenPage(
      @Nullable String host,
      @Nullable Integer port,
      @Nullable String certificate,
      @Nullable String key) {}

  private record WrittenUplink(
      @Nullable URI url,
      @Nullable String trust,
      @Nullable String certificate,
      @Nullable String key,
      @Nullable Integer maxInFlight) {}

  private record DeviceFile(@Nullable List<Map<String, JsonNode>> devices) {}
}
