package io.plantroom.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configuration folder that HiveMQ wants to find. */
final class BrokerFiles {
  private static final String CONFIG =
      """
      <?xml version="1.0"?>
      <hivemq>
        <listeners>
          <tls-tcp-listener>
            <port>%d</port>
            <bind-address>127.0.0.1</bind-address>
            <tls>
              <keystore><path>%s</path><password>%s</password><private-key-password>%s</private-key-password></keystore>
              <truststore><path>%s</path><password>%s</password></truststore>
              <client-authentication-mode>REQUIRED</client-authentication-mode>
              <protocols><protocol>TLSv1.3</protocol></protocols>
            </tls>
          </tls-tcp-listener>
        </listeners>
        <persistence><mode>in-memory</mode></persistence>
        <mqtt><queued-messages><max-queue-size>20000</max-queue-size><strategy>discard</strategy></queued-messages><receive-maximum><server-receive-maximum>100</server-receive-maximum></receive-maximum></mqtt>
        <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
      </hivemq>
      """;

  private BrokerFiles() {}

  static Path write(Path data, int port, Path keyStore, Path trustStore, String password)
      throws IOException {
    Path conf = Files.createDirectories(data.resolve("conf"));
    Files.createDirectories(data.resolve("extensions"));
    Files.createDirectories(data.resolve("data"));
    Path file = conf.resolve("config.xml");
    Files.writeString(
        file,
        CONFIG.formatted(
            port,
            keyStore.toAbsolutePath(),
            password,
            password,
            trustStore.toAbsolutePath(),
            password));
    return conf;
  }
}
