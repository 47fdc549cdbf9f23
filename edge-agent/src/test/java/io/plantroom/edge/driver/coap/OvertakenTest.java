package io.plantroom.edge.driver.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.TestDevices;
import io.plantroom.edge.driver.RawValue;
import io.plantroom.edge.driver.SubscribingDriver;
import io.plantroom.profile.Raw;
import java.math.BigDecimal;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A device of which the network delivers notifications in another order than they were sent. */
class OvertakenTest {
  private static final int ACKNOWLEDGEMENT = 0x60;
  private static final int NON_CONFIRMABLE = 0x50;

  private final List<RawValue> heard = new CopyOnWriteArrayList<>();

  @Test
  void aNotificationThatWasOvertakenIsLeftOut() throws Exception {
    try (DatagramSocket device = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        CoapDrivers drivers = new CoapDrivers(InstantSource.system())) {
      String uri = "coap://127.0.0.1:" + device.getLocalPort() + "?device=dev";
      SubscribingDriver driver =
          (SubscribingDriver)
              drivers.open(TestDevices.device("s", "test-sensor", uri, Duration.ofSeconds(1)));
      driver.subscribe(TestDevices.profile("test-sensor").points(), heard::addAll);
      DatagramPacket asked = new DatagramPacket(new byte[1500], 1500);
      device.setSoTimeout(20_000);
      device.receive(asked);
      byte[] request = Arrays.copyOf(asked.getData(), asked.getLength());
      byte[] token = Arrays.copyOfRange(request, 4, 4 + (request[0] & 0x0f));
      SocketAddress to = asked.getSocketAddress();
      int id = ((request[2] & 0xff) << 8) | (request[3] & 0xff);
      send(device, to, ACKNOWLEDGEMENT, id, token, 10, "0");
      await().atMost(Duration.ofSeconds(20)).until(() -> heard.size() == 1);
      send(device, to, NON_CONFIRMABLE, 1, token, 12, "2");
      send(device, to, NON_CONFIRMABLE, 2, token, 11, "1");
      send(device, to, NON_CONFIRMABLE, 3, token, 13, "3");
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(heard).extracting(RawValue::raw).contains(three()));
      assertThat(heard.stream().map(v -> String.valueOf(v.raw())).toList())
          .noneMatch(v -> v.contains("value=1"))
          .anyMatch(v -> v.contains("value=2"));
    }
  }

  private static Raw three() {
    return new Raw.Exact(new BigDecimal("3"));
  }

  private static void send(
      DatagramSocket from, SocketAddress to, int type, int id, byte[] token, int order, String text)
      throws Exception {
    byte[] value = text.getBytes(StandardCharsets.UTF_8);
    byte[] m = new byte[4 + token.length + 4 + value.length];
    m[0] = (byte) (type | token.length);
    m[1] = 0x45;
    m[2] = (byte) (id >> 8);
    m[3] = (byte) id;
    System.arraycopy(token, 0, m, 4, token.length);
    int at = 4 + token.length;
    m[at] = 0x61;
    m[at + 1] = (byte) order;
    m[at + 2] = 0x60;
    m[at + 3] = (byte) 0xff;
    System.arraycopy(value, 0, m, at + 4, value.length);
    from.send(new DatagramPacket(m, m.length, to));
  }
}
