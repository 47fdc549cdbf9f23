package io.plantroom.bench.live;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.plantroom.deploy.BacklogRun;
import io.plantroom.edge.uplink.PemKeys;
import io.plantroom.telemetry.Lane;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.Receipt;
import io.plantroom.wire.Topics;
import io.plantroom.wire.WireException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;

/** Connections of many gateways to the broker, each with a certificate of its own. */
final class Gateways implements AutoCloseable {
  /** Handshakes at a time; more would only wait for each other. */
  private static final int AT_ONCE = 20;

  /** Hears the hub's receipts. */
  interface Receipts {
    void on(int gateway, Receipt receipt);
  }

  private final List<String> codes;
  private final List<Mqtt5AsyncClient> clients = new ArrayList<>();

  private Gateways(List<String> codes) {
    this.codes = codes;
  }

  static Gateways connect(BacklogRun run, List<String> codes, Receipts receipts) throws Exception {
    Gateways gateways = new Gateways(codes);
    TrustManagerFactory trust = PemKeys.trust(run.certificates().resolve("ca.pem"));
    List<CompletableFuture<?>> connecting = new ArrayList<>();
    for (int i = 0; i < codes.size(); i++) {
      Mqtt5AsyncClient client = client(run, codes.get(i), trust);
      int number = i;
      client.publishes(MqttGlobalPublishFilter.ALL, p -> receipts.on(number, receipt(p)));
      connecting.add(connect(client, codes.get(i)));
      gateways.clients.add(client);
      if (connecting.size() == AT_ONCE || i == codes.size() - 1) {
        CompletableFuture.allOf(connecting.toArray(CompletableFuture[]::new))
            .get(2, TimeUnit.MINUTES);
        connecting.clear();
      }
    }
    return gateways;
  }

  private static Mqtt5AsyncClient client(BacklogRun run, String code, TrustManagerFactory trust)
      throws Exception {
    Path folder = run.certificates();
    return Mqtt5Client.builder()
        .identifier(code)
        .serverHost("localhost")
        .serverPort(run.brokerPort())
        .sslConfig(
            MqttClientSslConfig.builder()
                .keyManagerFactory(
                    PemKeys.identity(folder.resolve(code + ".pem"), folder.resolve(code + ".key")))
                .trustManagerFactory(trust)
                .handshakeTimeout(1, TimeUnit.MINUTES)
                .build())
        .buildAsync();
  }

  private static CompletableFuture<?> connect(Mqtt5AsyncClient client, String code) {
    return client
        .connect()
        .thenCompose(
            ack ->
                client
                    .subscribeWith()
                    .topicFilter(Topics.receipts(code))
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send());
  }

  private static Receipt receipt(Mqtt5Publish message) {
    try {
      return JsonWire.receipt(message.getPayloadAsBytes());
    } catch (WireException e) {
      throw new IllegalStateException("a receipt that is none", e);
    }
  }

  int count() {
    return codes.size();
  }

  String code(int gateway) {
    return codes.get(gateway);
  }

  /** Sends a frame of samples, QoS 1. Never blocks. */
  void send(int gateway, byte[] payload) {
    var unused =
        clients
            .get(gateway)
            .publishWith()
            .topic(Topics.frames(codes.get(gateway), Lane.TELEMETRY))
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload(payload)
            .send();
  }

  @Override
  public void close() {
    for (Mqtt5AsyncClient client : clients) {
      var unused = client.disconnect();
    }
  }
}
