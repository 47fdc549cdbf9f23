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
import org.junit.jupiter.api.Test;

/** A broker whose rules are not there yet: it refuses the receipts at first. */
class RefusedSubscriptionTest {
  private static final int CONNECT = 1;
  private static final int SUBSCRIBE = 8;
  private static final byte NOT_AUTHORIZED = (byte) 0x87;
  private static final byte GRANTED = 1;

  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger connected = new AtomicInteger();

  private void serve(ServerSocket server) {
    try (Socket socket = server.accept()) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        int type = in.readUnsignedByte() >> 4;
        // All that this client says here is short.
        byte[] body = new byte[in.readUnsignedByte()];
        in.readFully(body);
        if (type == CONNECT) {
          out.write(new byte[] {0x20, 3, 0, 0, 0});
        } else if (type == SUBSCRIBE) {
          byte answer = asked.incrementAndGet() == 1 ? NOT_AUTHORIZED : GRANTED;
          out.write(new byte[] {(byte) 0x90, 4, body[0], body[1], 0, answer});
        }
        out.flush();
      }
    } catch (IOException e) {
      // The test ended.
    }
  }

  @Test
  void receiptsThatWereRefusedAreAskedForAgainOnTheSameConnection() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread broker = new Thread(() -> serve(server), "broker");
      broker.setDaemon(true);
      broker.start();
      URI url = URI.create("mqtt://127.0.0.1:" + server.getLocalPort());
      MqttTransport transport =
          new MqttTransport("gw-1", new UplinkConfig(url, null, null, null, 8), new byte[0]);
      try {
        transport.start(new Counting());
        await().atMost(Duration.ofSeconds(20)).until(() -> asked.get() == 1);
        assertThat(connected.get()).as("deaf is not connected").isZero();
        await().atMost(Duration.ofSeconds(60)).until(() -> connected.get() == 1);
        assertThat(asked.get()).isEqualTo(2);
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
