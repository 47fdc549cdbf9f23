package io.plantroom.edge.uplink;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.lifecycle.MqttDisconnectSource;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.plantroom.edge.config.EdgeConfig.UplinkConfig;
import io.plantroom.edge.outbox.RecordClass;
import io.plantroom.wire.JsonWire;
import io.plantroom.wire.Topics;
import io.plantroom.wire.WireException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MQTT 5. The client id is the gateway's code, which the broker holds against the certificate. */
final class MqttTransport implements Transport {
  private static final Logger LOGGER = LoggerFactory.getLogger(MqttTransport.class);
  private static final int SESSION_SECONDS = 600;
  private static final int KEEP_ALIVE_SECONDS = 15;
  private static final long SUBSCRIBE_AGAIN_SECONDS = 10;

  private final String gateway;
  private final UplinkConfig config;
  private final byte[] will;
  private final AtomicInteger pending = new AtomicInteger();
  private final Reconnection reconnection = new Reconnection(new SecureRandom(), System::nanoTime);

  /** The client keeps what is not acknowledged over reconnections; that must not add up. */
  private final int mostPending;

  private final Set<String> heard = new HashSet<>();
  private @Nullable Mqtt5AsyncClient client;
  private @Nullable Listener listener;

  /**
   * A transport that is not connected.
   *
   * @param will status the broker is to tell when this gateway is gone
   */
  MqttTransport(String gateway, UplinkConfig config, byte[] will) {
    this.gateway = gateway;
    this.config = config;
    this.will = will;
    // What was under way when the connection broke, and as much again: see LaneSender.
    mostPending = 2 * RecordClass.values().length * config.maxInFlight() + 16;
  }

  @Override
  public void hear(Set<String> topics) {
    heard.addAll(topics);
  }

  @Override
  public void start(Listener to) {
    listener = to;
    Mqtt5ClientBuilder builder =
        Mqtt5Client.builder()
            .identifier(gateway)
            .serverHost(Objects.requireNonNull(config.url().getHost()))
            .serverPort(config.url().getPort())
            .addConnectedListener(context -> subscribe())
            .addDisconnectedListener(this::lost);
    MqttClientSslConfig tls = tls(config);
    if (tls != null) {
      builder = builder.sslConfig(tls);
    }
    Mqtt5AsyncClient made = builder.buildAsync();
    client = made;
    made.publishes(MqttGlobalPublishFilter.ALL, this::received);
    var unused =
        made.connectWith()
            .cleanStart(false)
            .sessionExpiryInterval(SESSION_SECONDS)
            .keepAlive(KEEP_ALIVE_SECONDS)
            .willPublish()
            .topic(Topics.status(gateway))
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload(will)
            .applyWillPublish()
            .send();
  }

  /** Null when the connection is not encrypted. */
  static @Nullable MqttClientSslConfig tls(UplinkConfig config) {
    if (!"mqtts".equals(config.url().getScheme())) {
      return null;
    }
    try {
      return MqttClientSslConfig.builder()
          .keyManagerFactory(
              PemKeys.identity(
                  Objects.requireNonNull(config.certificate()),
                  Objects.requireNonNull(config.key())))
          .trustManagerFactory(PemKeys.trust(Objects.requireNonNull(config.trust())))
          .build();
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("uplink: " + e.getMessage() + ": no such file", e);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("uplink: " + e.getMessage(), e);
    }
  }

  /** On each connection, because the broker may have forgotten the session. */
  private void subscribe() {
    var unused =
        Objects.requireNonNull(client)
            .subscribeWith()
            .topicFilter(Topics.receipts(gateway))
            .qos(MqttQos.AT_LEAST_ONCE)
            .send()
            .whenComplete(
                (ack, error) -> {
                  if (error == null) {
                    heard.forEach(this::subscribeAlso);
                    Objects.requireNonNull(listener).onConnected();
                  } else {
                    LOGGER.atError().setCause(error).log("receipts cannot be subscribed");
                    CompletableFuture.delayedExecutor(SUBSCRIBE_AGAIN_SECONDS, TimeUnit.SECONDS)
                        .execute(this::subscribeAgain);
                  }
                });
  }

  /** Refused, for instance by a broker with older rules, it harms no record. */
  private void subscribeAlso(String topic) {
    var unused =
        Objects.requireNonNull(client)
            .subscribeWith()
            .topicFilter(topic)
            .qos(MqttQos.AT_LEAST_ONCE)
            .send()
            .whenComplete(
                (ack, error) -> {
                  if (error != null) {
                    LOGGER
                        .atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("error", error.getMessage())
                        .log("topic cannot be subscribed");
                  }
                });
  }

  /** Connected, but deaf: without receipts nothing would ever be freed. */
  private void subscribeAgain() {
    if (Objects.requireNonNull(client).getState().isConnected()) {
      subscribe();
    }
  }

  private void lost(MqttClientDisconnectedContext context) {
    boolean takenOver =
        context.getCause() instanceof Mqtt5DisconnectException put
            && put.getMqttMessage().getReasonCode() == Mqtt5DisconnectReasonCode.SESSION_TAKEN_OVER;
    Duration pause = reconnection.next(context.getReconnector().getAttempts(), takenOver);
    String contested = warning();
    Objects.requireNonNull(listener)
        .onDisconnected(
            contested == null ? String.valueOf(context.getCause().getMessage()) : contested);
    boolean again = context.getSource() != MqttDisconnectSource.USER;
    context.getReconnector().reconnect(again).delay(pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public @Nullable String warning() {
    return reconnection.contested()
        ? "another client uses the identity of gateway '" + gateway + "' at the broker"
        : null;
  }

  private void received(Mqtt5Publish message) {
    String topic = message.getTopic().toString();
    if (heard.contains(topic)) {
      Objects.requireNonNull(listener).onMessage(topic, message.getPayloadAsBytes());
      return;
    }
    try {
      Objects.requireNonNull(listener).onReceipt(JsonWire.receipt(message.getPayloadAsBytes()));
    } catch (WireException e) {
      LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("unreadable receipt");
    }
  }

  @Override
  public void publish(String topic, byte[] payload) {
    send(topic, payload, MqttQos.AT_LEAST_ONCE);
  }

  @Override
  public void tell(String topic, byte[] payload) {
    send(topic, payload, MqttQos.AT_MOST_ONCE);
  }

  private void send(String topic, byte[] payload, MqttQos qos) {
    if (pending.incrementAndGet() > mostPending) {
      pending.decrementAndGet();
      return;
    }
    var unused =
        Objects.requireNonNull(client)
            .publishWith()
            .topic(topic)
            .qos(qos)
            .payload(payload)
            .send()
            .whenComplete(
                (result, error) -> {
                  pending.decrementAndGet();
                  Throwable wrong = error != null ? error : result.getError().orElse(null);
                  if (wrong != null) {
                    // Nothing is lost: without a receipt the records are sent again.
                    LOGGER.atDebug().addKeyValue("error", wrong.toString()).log("not published");
                  }
                });
  }

  @Override
  public void close() {
    if (client == null) {
      return;
    }
    try {
      client.disconnect().get(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOGGER.atDebug().addKeyValue("error", e.toString()).log("closed while not connected");
    }
  }
}
