package io.plantroom.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void aPortThatIsTakenIsReplacedAndThatIsSaid() throws Exception {
    List<String> said = new ArrayList<>();
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int usual = other.getLocalPort();
      int port = Ports.usualOrFree("console", usual, said::add);
      assertThat(port).isNotEqualTo(usual);
      assertThat(said).containsExactly("port " + usual + " is taken, so the console uses " + port);
    }
  }

  @Test
  void aFreePortIsTakenWithoutWords() throws Exception {
    List<String> said = new ArrayList<>();
    int usual = Ports.free();
    assertThat(Ports.usualOrFree("console", usual, said::add)).isEqualTo(usual);
    assertThat(said).isEmpty();
  }
}
