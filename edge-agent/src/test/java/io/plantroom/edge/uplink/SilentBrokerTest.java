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

/** A broker that takes everything and acknowledges nothing. */
@Tag("faults")
class SilentBrokerTest {
  private static final int PUBLISH = 3;
  private static final int SUBSCRIBE = 8;

  private final AtomicInteger published = new AtomicInteger();
  private final AtomicInteger connected = new AtomicInteger();

  private void serve(ServerSocket server) {
    try (Socket socket = server.accept()) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        int type = in.readUnsignedByte() >> 4;
        byte[] body = new byte[length(in)];
        in.readFully(body);
        if (type == 1) {
          out.write(new byte[] {0x20, 3, 0, 0, 0});
        } else if (type == SUBSCRIBE) {
          out.write(new byte[] {(byte) 0x90, 4, body[0], body[1], 0, 1});
        } else if (type == PUBLISH) {
          published.incrementAndGet();
        }
        out.flush();
      }
    } catch (IOException e) {
      // The test ended.
    }
  }

  private static int length(DataInputStream in) throws IOException {
    int length = 0;
    int shift = 0;
    int b;
    do {
      b = in.readUnsignedByte();
      length |= (b & 127) << shift;
      shift += 7;
    } while (b > 127);
    return length;
  }

  @Test
  void theClientNeverKeepsMoreThanTwoWindows() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread broker = new Thread(() -> serve(server), "broker");
      broker.setDaemon(true);
      broker.start();
      URI url = URI.create("mqtt://127.0.0.1:" + server.getLocalPort());
      MqttTransport transport =
          new MqttTransport("gw-1", new UplinkConfig(url, null, null, null, 8), new byte[0]);
      try {
        transport.start(new Counting());
        await().until(() -> connected.get() == 1);
        for (int i = 0; i < 1000; i++) {
          transport.publish("plantroom/v1/gw-1/up/telemetry", new byte[100]);
        }
        await().until(() -> published.get() >= 48);
        await()
            .during(Duration.ofMillis(500))
            .atMost(Duration.ofSeconds(5))
            .untilAsserted(() -> assertThat(published.get()).isLessThanOrEqualTo(2 * 3 * 8 + 16));
      } finally {
        transport.close();
      }
    }
  }

  private final class Counting implements Transport.Listener {
    @Override
    public void onConnected() {
      connected.incrementAndGet();
    }

    @Override
    public void onDisconnected(String reason) {}

    @Override
    public void onReceipt(Receipt receipt) {}
  }
}
