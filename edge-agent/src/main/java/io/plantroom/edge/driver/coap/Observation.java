package io.plantroom.edge.driver.coap;

import java.util.function.Consumer;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapObserveRelation;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * A resource whose changes the device tells (RFC 7641). The library asks again when the device is
 * silent for longer than it promised; when even that failed, {@link #renew()} begins anew.
 */
final class Observation {
  private final CoapClient client;
  private final Consumer<Response> sink;
  private @Nullable CoapObserveRelation relation;
  private volatile boolean failed;

  Observation(Endpoint endpoint, String uri, Consumer<Response> sink) {
    this.client = new CoapClient(uri);
    this.client.setEndpoint(endpoint);
    this.sink = sink;
  }

  /** Begins to observe unless that is under way; does not wait. */
  void renew() {
    CoapObserveRelation now = relation;
    if (now != null && !now.isCanceled() && !failed) {
      return;
    }
    failed = false;
    relation =
        client.observe(
            new CoapHandler() {
              @Override
              public void onLoad(CoapResponse response) {
                sink.accept(response.advanced());
              }

              @Override
              public void onError() {
                failed = true;
              }
            },
            MediaTypeRegistry.APPLICATION_SENML_JSON);
  }

  void close() {
    CoapObserveRelation now = relation;
    if (now != null) {
      now.reactiveCancel();
    }
    client.shutdown();
  }
}
