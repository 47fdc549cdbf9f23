package io.plantroom.bench.told;

import io.plantroom.bench.Running;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;

/** The least a program on Californium can do: one socket, an observation for each resource. */
final class BareCalifornium {
  static {
    CoapConfig.register();
    UdpConfig.register();
  }

  private BareCalifornium() {}

  static Running start(int port, ToldWork work, Told told) throws Exception {
    CoapEndpoint endpoint =
        CoapEndpoint.builder().setConfiguration(Configuration.createStandardWithoutFile()).build();
    endpoint.start();
    CoapHandler ear =
        new CoapHandler() {
          @Override
          public void onLoad(CoapResponse response) {
            told.heard(Double.parseDouble(response.getResponseText()));
          }

          @Override
          public void onError() {
            // Would show as a lower rate.
          }
        };
    for (int device = 0; device < work.devices(); device++) {
      CoapClient client = new CoapClient("coap://127.0.0.1:" + port + work.path(device));
      client.setEndpoint(endpoint);
      var unused = client.observe(ear, MediaTypeRegistry.TEXT_PLAIN);
    }
    return endpoint::destroy;
  }
}
