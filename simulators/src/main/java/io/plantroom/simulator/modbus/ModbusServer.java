package io.plantroom.simulator.modbus;

import io.plantroom.simulator.device.Answering;
import io.plantroom.simulator.device.Device;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One bus: a Modbus TCP listener as a serial gateway has it, with a device behind each unit id. A
 * unit that hangs or is slow keeps nobody but its own request waiting, also on one connection.
 */
public final class ModbusServer {
  private static final int HEADER = 6;
  private static final int LONGEST = 254;

  private final Vertx vertx;
  private final NetServer server;
  private final Map<Integer, Unit> units = new HashMap<>();

  private ModbusServer(Vertx vertx, Map<Integer, ? extends Device> devices) {
    this.vertx = vertx;
    this.server = vertx.createNetServer().connectHandler(this::serve);
    devices.forEach((unit, device) -> units.put(unit, new Unit(device)));
  }

  /**
   * A listener.
   *
   * @param port 0 for any free one
   * @param devices by unit id
   */
  public static Future<ModbusServer> listen(
      Vertx vertx, String host, int port, Map<Integer, ? extends Device> devices) {
    ModbusServer bus = new ModbusServer(vertx, devices);
    return bus.server.listen(port, host).map(bus);
  }

  public int port() {
    return server.actualPort();
  }

  public Future<Void> close() {
    return server.close();
  }

  private void serve(NetSocket socket) {
    RecordParser parser = RecordParser.newFixed(HEADER);
    AtomicBoolean inHeader = new AtomicBoolean(true);
    Buffer header = Buffer.buffer();
    parser.handler(
        part -> {
          if (!inHeader.getAndSet(!inHeader.get())) {
            parser.fixedSizeMode(HEADER);
            answer(socket, header.getUnsignedShort(0), part);
            return;
          }
          int length = part.getUnsignedShort(4);
          if (part.getUnsignedShort(2) != 0 || length < 2 || length > LONGEST) {
            socket.close();
            return;
          }
          header.setBuffer(0, part);
          parser.fixedSizeMode(length);
        });
    socket.handler(parser);
  }

  private void answer(NetSocket socket, int transaction, Buffer unitAndPdu) {
    int id = unitAndPdu.getUnsignedByte(0);
    Buffer pdu = unitAndPdu.slice(1, unitAndPdu.length());
    Unit unit = units.get(id);
    if (unit == null) {
      Buffer refusal = Unit.refuse(pdu.getUnsignedByte(0), Refusal.NO_SUCH_UNIT);
      send(socket, transaction, id, refusal);
      return;
    }
    if (unit.answering() == Answering.SLOW) {
      Buffer asked = pdu.copy();
      vertx.setTimer(Answering.SLOW_MILLIS, t -> send(socket, transaction, id, unit.answer(asked)));
    } else if (unit.answering() != Answering.HANG) {
      send(socket, transaction, id, unit.answer(pdu));
    }
  }

  private static void send(NetSocket socket, int transaction, int unit, Buffer pdu) {
    socket.write(
        Buffer.buffer()
            .appendUnsignedShort(transaction)
            .appendUnsignedShort(0)
            .appendUnsignedShort(pdu.length() + 1)
            .appendUnsignedByte((short) unit)
            .appendBuffer(pdu));
  }
}
