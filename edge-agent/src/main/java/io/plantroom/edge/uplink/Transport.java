package io.plantroom.edge.uplink;

import io.plantroom.wire.Receipt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connection to the broker that is made again whenever it breaks. Never blocks. */
interface Transport extends AutoCloseable {
  /** Begins to connect; the listener is called from the transport's own threads. */
  void start(Listener listener);

  /** Also hears these topics, from the next connection on; to be called before the start. */
  default void hear(Set<String> topics) {}

  /** At least once while connected; when it is not, the payload may be forgotten. */
  void publish(String topic, byte[] payload);

  /** At most once. */
  void tell(String topic, byte[] payload);

  /** What is wrong although there may be a connection, or null. */
  default @Nullable String warning() {
    return null;
  }

  /** Says good-bye, so that no will is sent. */
  @Override
  void close();

  /** Hears from the connection. */
  interface Listener {
    /** Connected, and receipts will be heard. */
    void onConnected();

    void onDisconnected(String reason);

    void onReceipt(Receipt receipt);

    /** Something came on one of the other topics. */
    default void onMessage(String topic, byte[] payload) {}
  }
}
