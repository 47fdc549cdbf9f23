package io.plantroom.hub.ingest;

/** A message of a gateway as the broker handed it over. */
public final class Delivery {
  private final String topic;
  private final byte[] payload;
  private final Runnable settled;

  /**
   * @param settled called once when the message needs no further delivery; never while the database
   *     is away
   */
  public Delivery(String topic, byte[] payload, Runnable settled) {
    this.topic = topic;
    this.payload = payload;
    this.settled = settled;
  }

  String topic() {
    return topic;
  }

  byte[] payload() {
    return payload;
  }

  void settled() {
    settled.run();
  }
}
