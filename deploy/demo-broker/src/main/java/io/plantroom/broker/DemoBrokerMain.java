package io.plantroom.broker;

import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the broker until it is told to stop. */
@Command(name = "demo-broker", mixinStandardHelpOptions = true)
public final class DemoBrokerMain implements Callable<Integer> {

  @Option(names = "--port", required = true, description = "TLS port on the loopback address")
  int port;

  @Option(names = "--data", required = true, description = "folder for what the broker writes")
  Path data = Path.of(".");

  @Option(names = "--key-store", required = true, description = "PKCS#12 with the broker's key")
  Path keyStore = Path.of(".");

  @Option(names = "--trust-store", required = true, description = "PKCS#12 with the CA")
  Path trustStore = Path.of(".");

  @Option(names = "--password-file", required = true, description = "password of both stores")
  Path passwordFile = Path.of(".");

  @Option(names = "--ready-file", description = "written when the port answers")
  @Nullable Path readyFile;

  public static void main(String[] args) {
    System.exit(new CommandLine(new DemoBrokerMain()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    String password = Files.readString(passwordFile).strip();
    Path conf = BrokerFiles.write(data, port, keyStore, trustStore, password);
    EmbeddedHiveMQ broker =
        EmbeddedHiveMQ.builder()
            .withConfigurationFolder(conf)
            .withDataFolder(data.resolve("data"))
            .withExtensionsFolder(data.resolve("extensions"))
            .withEmbeddedExtension(
                EmbeddedExtension.builder()
                    .withId("plantroom-certificates")
                    .withName("Plantroom certificate rules")
                    .withVersion("1")
                    .withExtensionMain(new Rules())
                    .build())
            .build();
    CountDownLatch stop = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(stop::countDown));
    broker.start().join();
    // HiveMQ reports a port in use only in its log; a connection is the proof.
    try (Socket probe = new Socket()) {
      probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
    }
    if (readyFile != null) {
      Path temporary = readyFile.resolveSibling(readyFile.getFileName() + ".new");
      Files.writeString(temporary, "{\"mqtts\":" + port + "}\n");
      Files.move(temporary, readyFile, StandardCopyOption.ATOMIC_MOVE);
    }
    System.out.println("broker ready on port " + port);
    stop.await();
    return 0;
  }

  private static final class Rules implements ExtensionMain {
    @Override
    public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
      CertificateRules rules = new CertificateRules();
      Services.securityRegistry().setAuthenticatorProvider(provider -> rules);
    }

    @Override
    public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {}
  }
}
