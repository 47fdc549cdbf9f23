package io.plantroom.edge.driver.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.profile.ProfileCatalog;
import io.plantroom.profile.Quantity;
import io.plantroom.simulator.ProfileServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DiscoverCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new CoapCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void whatADeviceNamesIsPrintedWithItsObject() throws Exception {
    try (ProfileServer sensor =
        ProfileServer.serve(
            ProfileCatalog.builtIn().find("lwm2m-temperature").orElseThrow(),
            "t-1",
            Map.of("temperature", new Quantity.Analog(21.5)))) {
      int port = sensor.endpoint().getPort();
      assertThat(run("discover", "coap://127.0.0.1:" + port)).as(err.toString()).isZero();
      assertThat(out.toString().lines())
          .anySatisfy(
              l ->
                  assertThat(l)
                      .startsWith("/t-1/3303/0/5700")
                      .contains("observe", "senml+json", "Temperature 温度"));
    }
  }

  @Test
  void silenceAndAWrongEndpointAreSaid() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String at = "coap://127.0.0.1:" + silent.getLocalPort();
      assertThat(run("discover", at, "--timeout", "1")).isEqualTo(1);
      assertThat(err.toString()).contains("no answer from " + at);
    }
    assertThat(run("discover", "http://127.0.0.1:80")).isEqualTo(2);
    assertThat(err.toString()).contains("expected one of the schemes");
  }
}
