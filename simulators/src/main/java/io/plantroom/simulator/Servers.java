package io.plantroom.simulator;

import io.plantroom.profile.Protocol;
import io.plantroom.simulator.coap.CoapBus;
import io.plantroom.simulator.device.BusServer;
import io.plantroom.simulator.device.Device;
import io.plantroom.simulator.modbus.ModbusServer;
import io.plantroom.simulator.opcua.OpcUaBus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The listeners of all protocols, and how callers are told where they are. */
final class Servers {
  private static final long PATIENCE_SECONDS = 30;

  private Servers() {}

  /** A listener that answers; the keys of {@code devices} are unit ids, which only Modbus has. */
  static BusServer open(
      Vertx vertx, Protocol protocol, String host, int port, Map<Integer, ? extends Device> devices)
      throws IOException {
    Collection<? extends Device> all = devices.values();
    return switch (protocol) {
      case MODBUS -> modbus(vertx, host, port, devices);
      case OPC_UA -> OpcUaBus.open(host, port, all);
      case COAP -> CoapBus.open(host, port, all);
    };
  }

  static BusServer secure(String host, int port, Map<Integer, ? extends Device> devices)
      throws IOException {
    return CoapBus.openSecure(host, port, devices.values());
  }

  /** Whether an address means all addresses, to which nobody can be sent. */
  static boolean isAny(String host) {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  static URI endpoint(Protocol protocol, String host, int port, String key, int unit) {
    String at = host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    return URI.create(
        switch (protocol) {
          case MODBUS -> "modbus-tcp://" + at + "?unit=" + unit;
          case OPC_UA -> "opc.tcp://" + at + "/plantroom?device=" + key;
          case COAP -> "coap://" + at + "?device=" + key;
        });
  }

  /** Waits; never call it on an event loop. */
  static <T> T await(Future<T> future) throws IOException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(String.valueOf(cause.getMessage()), e);
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + PATIENCE_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static BusServer modbus(
      Vertx vertx, String host, int port, Map<Integer, ? extends Device> devices)
      throws IOException {
    ModbusServer server = await(ModbusServer.listen(vertx, host, port, devices));
    return new BusServer() {
      @Override
      public int port() {
        return server.port();
      }

      @Override
      public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
      }
    };
  }
}
