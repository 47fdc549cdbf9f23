package io.plantroom.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration files of one run; written anew at each start, because ports may differ. */
record DemoFiles(Path data) {
  static final String GATEWAY = "gw-demo-1";

  /** The one device of the demo that may be set from the console. */
  static final String SETTABLE = "pump-heating-1";

  Path certificates() {
    return data.resolve("certificates");
  }

  Path run() {
    return data.resolve("run");
  }

  Path logs() {
    return data.resolve("logs");
  }

  Path adminPassword() {
    return data.resolve("hub/admin-password");
  }

  Path billingToken() {
    return data.resolve("hub/billing-token");
  }

  Path edgeDevices() {
    return data.resolve("agent/devices.yaml");
  }

  void prepare() throws IOException {
    for (String folder : new String[] {"run", "logs", "hub", "agent", "broker", "simulator"}) {
      Files.createDirectories(data.resolve(folder));
    }
    if (Files.getFileStore(data).supportsFileAttributeView("posix")) {
      // Keys and passwords of the demo are nobody else's on this machine.
      Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
    }
  }

  Path edge(int brokerPort, int managementPort) throws IOException {
    return edge(brokerPort, managementPort, List.of());
  }

  /** The agent's file; the devices of others come after those of the building. */
  Path edge(int brokerPort, int managementPort, List<Outside> others) throws IOException {
    StringBuilder lists = new StringBuilder("devices.yaml");
    others.forEach(o -> lists.append(", '").append(o.devices()).append('\''));
    String models =
        others.stream().map(o -> "'" + o.profiles() + "'").collect(Collectors.joining(", "));
    return write(
        "agent/edge.yaml",
        """
        gateway: %s
        data: ./data
        management: { host: 127.0.0.1, port: %d }
        uplink:
          url: mqtts://localhost:%d
          trust: ../certificates/ca.pem
          certificate: ../certificates/%s.pem
          key: ../certificates/%s.key
        outbox: { flush: 1s }
        commands: { allow: [{ device: %s, points: [bus-setpoint] }] }
        device-files: [%s]
        profile-folders: [%s]
        """
            .formatted(
                GATEWAY, managementPort, brokerPort, GATEWAY, GATEWAY, SETTABLE, lists, models));
  }

  /** The files of the first or only hub. */
  Path hub(DemoDatabase database, int brokerPort, int httpPort, int managementPort)
      throws IOException {
    return hub("hub-1", "hub", database, brokerPort, httpPort, managementPort);
  }

  /**
   * A hub's files.
   *
   * @param name also of its certificate
   * @param folder its own
   */
  Path hub(
      String name,
      String folder,
      DemoDatabase database,
      int brokerPort,
      int httpPort,
      int managementPort)
      throws IOException {
    Files.createDirectories(data.resolve(folder));
    write(folder + "/organisation.yaml", resource("organisation.yaml"));
    return write(
        folder + "/hub.yaml",
        """
        http: { host: 127.0.0.1, port: %d }
        management: { host: 127.0.0.1, port: %d }
        database:
          url: %s
          user: %s
          password: %s
        broker:
          url: mqtts://localhost:%d
          client-id: %s
          trust: ../certificates/ca.pem
          certificate: ../certificates/%s.pem
          key: ../certificates/%s.key
        organisation: organisation.yaml
        admin-password-file: admin-password
        billing-token-file: billing-token
        """
            .formatted(
                httpPort,
                managementPort,
                database.url(),
                database.user(),
                database.password(),
                brokerPort,
                name,
                name,
                name));
  }

  private Path write(String file, String text) throws IOException {
    Path path = data.resolve(file);
    Files.writeString(path, text);
    return path;
  }

  private static String resource(String name) throws IOException {
    try (var in = DemoFiles.class.getResourceAsStream("/demo/" + name)) {
      if (in == null) {
        throw new IOException("resource /demo/" + name + " is missing in this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
