package io.plantroom.edge.driver.coap;

import io.plantroom.device.Access;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedMultiPskStore;
import org.jspecify.annotations.Nullable;

/** A pre-shared key. One identity for each peer: the last that was used holds. */
final class KeyLock implements CoapPeer.Lock {
  private final AdvancedMultiPskStore keys;
  private final DTLSConnector connector;
  private final String host;
  private final int port;
  private final Access access;
  private volatile @Nullable InetSocketAddress peer;

  KeyLock(
      AdvancedMultiPskStore keys, DTLSConnector connector, String host, int port, Access access) {
    this.keys = keys;
    this.connector = connector;
    this.host = host;
    this.port = port;
    this.access = access;
  }

  @Override
  public void open() throws IOException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new UnknownHostException(host);
    }
    if (access.identity() == null || access.keyFile() == null) {
      throw new IOException("coaps:// needs access: { identity: name, key-file: file }");
    }
    byte[] key = PskFile.read(access.keyFile());
    keys.addKnownPeer(address, access.identity(), key);
    peer = address;
  }

  @Override
  public boolean isOpen() {
    InetSocketAddress address = peer;
    return address != null && connector.getSessionByAddress(address) != null;
  }

  @Override
  public void shut() {
    InetSocketAddress address = peer;
    if (address != null) {
      connector.close(address);
    }
  }

  @Override
  public String words() {
    return "the key of identity '"
        + access.identity()
        + "' in "
        + Objects.requireNonNullElse(access.keyFile(), "no file");
  }
}
