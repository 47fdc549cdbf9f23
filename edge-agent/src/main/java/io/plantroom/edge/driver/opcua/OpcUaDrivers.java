package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import java.nio.file.Path;
import java.security.Security;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Devices at {@code opc.tcp://host:port/path?device=name}. Signed and encrypted with Basic256Sha256
 * or better, unless the endpoint says {@code &security=none} or names another policy; certificates
 * of servers as {@link TrustList} says, or {@code &trust=first-use}.
 */
public final class OpcUaDrivers implements DriverFactory {
  static {
    // The JDK does not know SHA256withRSA/PSS by that name, and Aes256_Sha256_RsaPss needs it.
    if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
      Security.addProvider(new BouncyCastleProvider());
    }
  }

  private final Path folder;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Map<ServerAt, Shared> lines = new HashMap<>();

  /**
   * A factory.
   *
   * @param folder where this gateway's certificate and the trusted ones are kept
   */
  public OpcUaDrivers(Path folder, InstantSource clock) {
    this(folder, clock, System::nanoTime);
  }

  /** With a source of {@link System#nanoTime()} that a test can turn. */
  OpcUaDrivers(Path folder, InstantSource clock, LongSupplier nanoTime) {
    this.folder = folder;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized ProtocolDriver open(DeviceConfig device) {
    ServerAt server = ServerAt.of(device);
    Shared shared = lines.computeIfAbsent(server, s -> new Shared(line(s, folder, clock)));
    shared.users++;
    shared.line.allow(device.profile().limits().timeout());
    AtomicBoolean open = new AtomicBoolean(true);
    return new OpcUaDriver(shared.line, device, clock, nanoTime, () -> leave(server, shared, open));
  }

  static OpcUaLine line(ServerAt server, Path folder, InstantSource clock) {
    return new OpcUaLine(server, folder, clock);
  }

  private synchronized void leave(ServerAt server, Shared shared, AtomicBoolean open) {
    if (open.getAndSet(false) && --shared.users == 0 && lines.remove(server, shared)) {
      shared.line.close();
    }
  }

  @Override
  public synchronized void close() {
    lines.values().forEach(s -> s.line.close());
    lines.clear();
  }

  /** A session and how many devices use it. */
  private static final class Shared {
    final OpcUaLine line;
    int users;

    Shared(OpcUaLine line) {
      this.line = line;
    }
  }
}
