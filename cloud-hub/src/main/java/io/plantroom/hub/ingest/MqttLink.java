package io.plantroom.hub.ingest;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.plantroom.hub.Feature;
import io.plantroom.hub.config.HubConfig;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.Receipt;
import io.plantroom.wire.Topics;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub's connection to the broker. Acknowledges a message only when it is settled; the broker
 * hands over a bounded number before that.
 */
public final class MqttLink implements Feature, ReceiptSink, Downlink {
  private static final Logger LOGGER = LoggerFactory.getLogger(MqttLink.class);
  private static final int MOST_UNSETTLED = 64;

  /**
   * Bytes. With the number above the bound of what the library and the ingest hold of payloads that
   * are not settled: 512 MiB at the very worst, 4 MiB with the frames of 64 KiB that agents send.
   */
  private static final int LARGEST = 8 << 20;

  private static final Duration SESSION = Duration.ofHours(24);

  private final HubConfig.Broker config;
  private final ExecutorService receiver =
      Executors.newSingleThreadExecutor(r -> new Thread(r, "mqtt-receiver"));
  private final AtomicBoolean connected = new AtomicBoolean();
  private @Nullable Mqtt5AsyncClient client;
  private @Nullable Ingest ingest;

  public MqttLink(HubConfig.Broker config) {
    this.config = config;
  }

  /** Where messages go; to be called before the start. */
  public void deliverTo(Ingest target) {
    ingest = target;
  }

  public boolean connected() {
    return connected.get();
  }

  @Override
  public void start() throws Exception {
    Mqtt5ClientBuilder builder =
        Mqtt5Client.builder()
            .identifier(config.clientId())
            .serverHost(config.url().getHost())
            .serverPort(port())
            .automaticReconnect()
            .initialDelay(500, TimeUnit.MILLISECONDS)
            .maxDelay(5, TimeUnit.SECONDS)
            .applyAutomaticReconnect()
            .addConnectedListener(context -> subscribe())
            .addDisconnectedListener(
                context -> {
                  if (connected.getAndSet(false)) {
                    LOGGER
                        .atWarn()
                        .addKeyValue("error", context.getCause().getMessage())
                        .log("broker connection lost");
                  }
                });
    if (config.tls()) {
      var ssl = MqttClientSslConfig.builder().handshakeTimeout(10, TimeUnit.SECONDS);
      if (config.trust() != null) {
        ssl = ssl.trustManagerFactory(Pem.trust(config.trust()));
      }
      if (config.certificate() != null && config.key() != null) {
        ssl = ssl.keyManagerFactory(Pem.identity(config.certificate(), config.key()));
      }
      builder = builder.sslConfig(ssl.build());
    }
    Mqtt5AsyncClient made = builder.buildAsync();
    client = made;
    made.publishes(MqttGlobalPublishFilter.ALL, this::received, receiver, true);
    // With automatic reconnection this also goes on trying when the broker is not there yet.
    made.connectWith()
        .cleanStart(false)
        .sessionExpiryInterval(SESSION.toSeconds())
        .keepAlive(15)
        .restrictions()
        .receiveMaximum(MOST_UNSETTLED)
        .maximumPacketSize(LARGEST)
        .applyRestrictions()
        .send()
        .exceptionally(
            e -> {
              LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("broker not reached");
              return null;
            });
  }

  @Override
  public void stop() {
    Mqtt5AsyncClient c = client;
    connected.set(false);
    try {
      if (c != null) {
        c.disconnect().get(3, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      LOGGER.atDebug().log("broker was not connected at the end");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    receiver.shutdownNow();
  }

  @Override
  public void send(String gateway, Receipt receipt) {
    Mqtt5AsyncClient c = client;
    if (c != null) {
      c.publishWith()
          .topic(Topics.receipts(gateway))
          .qos(MqttQos.AT_LEAST_ONCE)
          .payload(JsonWire.encode(receipt))
          .send()
          .exceptionally(
              e -> {
                // The gateway repeats its frame when it hears nothing.
                LOGGER.atDebug().addKeyValue("gateway", gateway).setCause(e).log("receipt lost");
                return null;
              });
    }
  }

  @Override
  public void publish(String topic, byte[] payload, boolean retain) {
    publish(topic, payload, retain, null);
  }

  @Override
  public void publish(String topic, byte[] payload, Duration holds) {
    publish(topic, payload, false, holds);
  }

  private void publish(String topic, byte[] payload, boolean retain, @Nullable Duration holds) {
    Mqtt5AsyncClient c = client;
    // While there is no connection the library would keep it, as often as it is repeated.
    if (c != null && connected.get()) {
      var message =
          c.publishWith().topic(topic).qos(MqttQos.AT_LEAST_ONCE).payload(payload).retain(retain);
      if (holds != null) {
        message = message.messageExpiryInterval(Math.max(1, holds.toSeconds()));
      }
      message
          .send()
          .exceptionally(
              e -> {
                LOGGER.atDebug().addKeyValue("topic", topic).setCause(e).log("not published");
                return null;
              });
    }
  }

  private void subscribe() {
    Mqtt5AsyncClient c = Objects.requireNonNull(client);
    c.subscribeWith()
        .topicFilter(Topics.HUB_FRAMES)
        .qos(MqttQos.AT_LEAST_ONCE)
        .send()
        .whenComplete(
            (ack, e) -> {
              if (e == null) {
                connected.set(true);
                LOGGER.atInfo().addKeyValue("broker", config.url()).log("broker connected");
              } else {
                LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("subscription refused");
              }
            })
        .exceptionally(e -> null);
    c.subscribeWith()
        .topicFilter(Topics.HUB_LIVE)
        .qos(MqttQos.AT_MOST_ONCE)
        .send()
        .exceptionally(
            e -> {
              LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("no live values");
              return null;
            });
  }

  private void received(Mqtt5Publish message) {
    Ingest target = Objects.requireNonNull(ingest);
    Runnable settled = message.getQos() == MqttQos.AT_MOST_ONCE ? () -> {} : () -> settle(message);
    try {
      target.accept(
          new Delivery(message.getTopic().toString(), message.getPayloadAsBytes(), settled));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void settle(Mqtt5Publish message) {
    try {
      message.acknowledge();
    } catch (IllegalStateException e) {
      // Acknowledged already: nothing is left to do.
      LOGGER.atDebug().setCause(e).log("acknowledged twice");
    }
  }

  private int port() {
    int port = config.url().getPort();
    return port > 0 ? port : config.tls() ? 8883 : 1883;
  }
}
