package io.plantroom.hub.config;

import io.plantroom.yaml.YamlException;
import io.plantroom.yaml.YamlFile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * {@code hub.yaml}. Paths are taken relative to the folder of the file.
 *
 * @param organisation file that names groups, companies, sites and gateways
 * @param adminPasswordFile where the generated first password is written, mode 0600
 * @param billingTokenFile where the generated token for billing systems is written, mode 0600
 * @param profiles folder with further device profiles
 * @param retention for how long data is kept
 */
public record HubConfig(
    Http http,
    Management management,
    DatabaseConfig database,
    @Nullable Broker broker,
    Path organisation,
    Path adminPasswordFile,
    @Nullable Path billingTokenFile,
    @Nullable Path profiles,
    CutOff cutOff,
    RetentionConfig retention) {

  public HubConfig {
    retention = retention == null ? RetentionConfig.usual() : retention;
    cutOff = cutOff == null ? new CutOff(1, "00:00") : cutOff;
  }

  /** Where the console and the API listen; port 0 takes any free one. */
  public record Http(String host, int port, @Nullable Tls tls) {
    public Http {
      host = host == null ? "127.0.0.1" : host;
      checkPort("http", port);
    }
  }

  /** PEM files. */
  public record Tls(Path certificate, Path key) {}

  /** Where health and metrics listen. */
  public record Management(String host, int port) {
    public Management {
      host = host == null ? "127.0.0.1" : host;
      checkPort("management", port);
    }
  }

  /**
   * PostgreSQL.
   *
   * @param passwordFile instead of {@code password}, for a secret kept elsewhere
   * @param reads a replica for long questions
   */
  public record DatabaseConfig(
      String url,
      String user,
      @Nullable String password,
      @Nullable Path passwordFile,
      Integer connections,
      @Nullable ReadsConfig reads) {
    public DatabaseConfig {
      checkUrl(url);
      connections = connections == null ? 10 : connections;
      if (connections < 4) {
        throw new IllegalArgumentException("connections must be at least 4, got " + connections);
      }
    }

    @Override
    public String toString() {
      return "DatabaseConfig[" + url + ", " + user + "]";
    }
  }

  /**
   * A streaming replica of the database. It has the users of the primary, so those need not be
   * named again.
   *
   * @param user as the primary's when left out, and so is the password then
   * @param connections as the primary's when left out
   * @param mostBehind it is not asked while it shows what is older; 30 s when left out
   */
  public record ReadsConfig(
      String url,
      @Nullable String user,
      @Nullable String password,
      @Nullable Path passwordFile,
      @Nullable Integer connections,
      Duration mostBehind) {
    public ReadsConfig {
      checkUrl(url);
      mostBehind = mostBehind == null ? Duration.ofSeconds(30) : mostBehind;
      if (mostBehind.compareTo(Duration.ofSeconds(2)) < 0
          || mostBehind.compareTo(Duration.ofMinutes(30)) > 0) {
        throw new IllegalArgumentException(
            "most-behind must be 2s to 30m, got " + mostBehind.toSeconds() + "s");
      }
      if (user == null && (password != null || passwordFile != null)) {
        throw new IllegalArgumentException("a password needs its user");
      }
    }

    private ReadsConfig in(Path folder) {
      return new ReadsConfig(
          url, user, password, resolve(folder, passwordFile), connections, mostBehind);
    }

    /** The replica as a database like its primary. */
    public DatabaseConfig server(DatabaseConfig primary) {
      boolean own = user != null;
      return new DatabaseConfig(
          url,
          user != null ? user : primary.user,
          own ? password : primary.password,
          own ? passwordFile : primary.passwordFile,
          connections == null ? primary.connections : connections,
          null);
    }

    @Override
    public String toString() {
      return "ReadsConfig[" + url + ", " + mostBehind + "]";
    }
  }

  /**
   * The MQTT 5 broker.
   *
   * @param url {@code mqtts://host:8883}, or {@code mqtt://} without TLS
   * @param trust PEM file of the authority that signed the broker's certificate
   * @param certificate PEM file of the hub's own certificate, with {@code key}
   */
  public record Broker(
      URI url,
      String clientId,
      @Nullable Path trust,
      @Nullable Path certificate,
      @Nullable Path key) {
    public Broker {
      clientId = clientId == null ? "hub" : clientId;
      String scheme = String.valueOf(url.getScheme());
      if (!(scheme.equals("mqtt") || scheme.equals("mqtts")) || url.getHost() == null) {
        throw new IllegalArgumentException("url must be mqtts://host:port, got " + url);
      }
      if ((certificate == null) != (key == null)) {
        throw new IllegalArgumentException("certificate and key go together");
      }
      if (scheme.equals("mqtt") && (trust != null || certificate != null)) {
        throw new IllegalArgumentException("trust, certificate and key need mqtts://, got " + url);
      }
    }

    public boolean tls() {
      return "mqtts".equals(url.getScheme());
    }
  }

  /** When the registers of each month are read, in the time zone of the site. */
  public record CutOff(int dayOfMonth, String time) {
    public CutOff {
      if (dayOfMonth < 1 || dayOfMonth > 28) {
        throw new IllegalArgumentException("day-of-month must be 1 to 28, got " + dayOfMonth);
      }
      try {
        LocalTime.parse(time);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException("time must look like 00:00, got " + time, e);
      }
    }

    public LocalTime localTime() {
      return LocalTime.parse(time);
    }
  }

  /** Reads a file and makes its paths absolute. */
  public static HubConfig load(Path file) throws YamlException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return YamlFile.read(file).as(HubConfig.class).in(folder == null ? file : folder);
  }

  private HubConfig in(Path folder) {
    Tls tls = http.tls;
    Broker b = broker;
    return new HubConfig(
        new Http(
            http.host,
            http.port,
            tls == null ? null : new Tls(folder.resolve(tls.certificate), folder.resolve(tls.key))),
        management,
        new DatabaseConfig(
            database.url,
            database.user,
            database.password,
            resolve(folder, database.passwordFile),
            database.connections,
            database.reads == null ? null : database.reads.in(folder)),
        b == null
            ? null
            : new Broker(
                b.url,
                b.clientId,
                resolve(folder, b.trust),
                resolve(folder, b.certificate),
                resolve(folder, b.key)),
        folder.resolve(organisation),
        folder.resolve(adminPasswordFile),
        resolve(folder, billingTokenFile),
        resolve(folder, profiles),
        cutOff,
        retention);
  }

  private static @Nullable Path resolve(Path folder, @Nullable Path path) {
    return path == null ? null : folder.resolve(path);
  }

  private static void checkUrl(String url) {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException("url must begin with jdbc:postgresql:, got " + url);
    }
  }

  private static void checkPort(String where, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(where + " port must be 0 to 65535, got " + port);
    }
  }
}
