package io.plantroom.edge.driver.modbus;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.plantroom.edge.config.DeviceConfig;
import io.plantroom.edge.driver.DriverFactory;
import io.plantroom.edge.driver.ProtocolDriver;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Devices at {@code modbus-tcp://host:port?unit=n}, {@code modbus-rtu-tcp://…} and {@code
 * modbus-rtu:///dev/ttyUSB0?unit=n&baud=9600}. All connections together need one thread; a serial
 * line needs one while it is asked.
 */
public final class ModbusDrivers implements DriverFactory {
  private final InstantSource clock;
  private final Map<String, Shared> lines = new HashMap<>();
  private final NameLookup names = new NameLookup();
  private @Nullable MultiThreadIoEventLoopGroup group;

  public ModbusDrivers(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized ProtocolDriver open(DeviceConfig device) {
    int unit = Integer.parseInt(Objects.requireNonNull(device.parameter("unit")));
    String bus = device.bus();
    Shared shared = lines.computeIfAbsent(bus, b -> new Shared(line(device)));
    shared.users++;
    AtomicBoolean open = new AtomicBoolean(true);
    Runnable onClose = () -> leave(bus, shared, open);
    var limits = device.profile().limits();
    if (shared.line instanceof SocketLine socket) {
      socket.join();
      return new AskingModbusDriver(socket, unit, limits, clock, onClose);
    }
    return new ModbusDriver(shared.line, unit, limits, clock, onClose);
  }

  private ModbusLine line(DeviceConfig device) {
    String scheme = String.valueOf(device.endpoint().getScheme()).toLowerCase(Locale.ROOT);
    if (scheme.equals("modbus-rtu")) {
      return new SerialLine(SerialSettings.of(device));
    }
    return new SocketLine(
        group().next(),
        new Bootstrap()
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            // No answer is longer.
            .option(
                ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(Framing.LONGEST)),
        names,
        Objects.requireNonNull(device.endpoint().getHost()),
        device.endpoint().getPort(),
        scheme.equals("modbus-tcp") ? new TcpFraming() : new RtuFraming());
  }

  private MultiThreadIoEventLoopGroup group() {
    if (group == null) {
      group =
          new MultiThreadIoEventLoopGroup(
              1,
              task -> {
                Thread thread = new Thread(task, "modbus");
                thread.setDaemon(true);
                return thread;
              },
              NioIoHandler.newFactory());
    }
    return group;
  }

  private synchronized void leave(String bus, Shared shared, AtomicBoolean open) {
    if (open.getAndSet(false) && --shared.users == 0 && lines.remove(bus, shared)) {
      shared.line.close();
    }
  }

  @Override
  public synchronized void close() {
    lines.values().forEach(s -> s.line.close());
    lines.clear();
    if (group != null) {
      var unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      group = null;
    }
  }

  /** A line and how many units use it. */
  private static final class Shared {
    final ModbusLine line;
    int users;

    Shared(ModbusLine line) {
      this.line = line;
    }
  }
}
