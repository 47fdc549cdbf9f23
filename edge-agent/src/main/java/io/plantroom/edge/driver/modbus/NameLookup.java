package io.plantroom.edge.driver.modbus;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Addresses of hosts. A name service that hangs holds up nobody but who asks for a name. */
final class NameLookup {
  private final Executor threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "modbus names");
            thread.setDaemon(true);
            return thread;
          });

  CompletableFuture<InetAddress> find(String host) {
    String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(plain);
    try {
      if (literal != null) {
        return CompletableFuture.completedFuture(InetAddress.getByAddress(literal));
      }
    } catch (UnknownHostException e) {
      return CompletableFuture.failedFuture(e);
    }
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return InetAddress.getByName(plain);
          } catch (UnknownHostException e) {
            throw new CompletionException(e);
          }
        },
        threads);
  }
}
