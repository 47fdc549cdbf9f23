package io.plantroom.hub.ingest;

import io.plantroom.wire.Receipt;

/** The way back to a gateway. Must not block; a receipt that is lost is asked for again. */
@FunctionalInterface
public interface ReceiptSink {
  void send(String gateway, Receipt receipt);
}
