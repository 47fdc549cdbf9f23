package io.plantroom.edge.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.plantroom.edge.config.EdgeConfig.UplinkConfig;
import io.plantroom.wire.Receipt;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A broker that puts each client out at once, as it does when two have one identity. */
@Tag("faults")
class TakeoverTest {
  private static final byte[] CONNACK = {0x20, 3, 0, 0, 0};
  private static final byte[] TAKEN_OVER = {(byte) 0xe0, 2, (byte) 0x8e, 0};

  private final AtomicInteger connections = new AtomicInteger();

  private void serve(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        in.readByte();
        int length = 0;
        int shift = 0;
        int b;
        do {
          b = in.readUnsignedByte();
          length |= (b & 127) << shift;
          shift += 7;
        } while (b > 127);
        in.skipNBytes(length);
        connections.incrementAndGet();
        OutputStream out = socket.getOutputStream();
        out.write(CONNACK);
        out.write(TAKEN_OVER);
        out.flush();
        socket.shutdownOutput();
        in.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        // The client went, or the test ended: the next one, please.
      }
    }
  }

  @Test
  void aSecondAgentWithOurIdentityCausesNoStormAndIsSaid() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread broker = new Thread(() -> serve(server), "broker");
      broker.setDaemon(true);
      broker.start();
      URI url = URI.create("mqtt://127.0.0.1:" + server.getLocalPort());
      MqttTransport transport =
          new MqttTransport("gw-1", new UplinkConfig(url, null, null, null, 8), new byte[0]);
      try {
        transport.start(new Deaf());
        await()
            .atMost(Duration.ofSeconds(20))
            .untilAsserted(
                () ->
                    assertThat(transport.warning())
                        .isEqualTo(
                            "another client uses the identity of gateway 'gw-1' at the broker"));
        int before = connections.get();
        await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(6)).until(() -> true);
        assertThat(connections.get() - before).as("tries in four seconds").isLessThan(8);
      } finally {
        transport.close();
      }
    }
  }

  private static final class Deaf implements Transport.Listener {
    @Override
    public void onConnected() {}

    @Override
    public void onDisconnected(String reason) {}

    @Override
    public void onReceipt(Receipt receipt) {}
  }
}
