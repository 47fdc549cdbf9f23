package io.plantroom.bench.told;

import io.plantroom.bench.Running;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;

/**
 * The least a program on Californium can do: one socket, one timer, an observation for each
 * resource.
 */
final class BareCalifornium {
  static {
    CoapConfig.register();
    UdpConfig.register();
  }

  private BareCalifornium() {}

  static Running start(List<Integer> ports, ToldWork work, Told told) throws Exception {
    CoapEndpoint endpoint =
        CoapEndpoint.builder()
            .setConfiguration(
                Configuration.createStandardWithoutFile()
                    .set(CoapConfig.DEDUPLICATOR, CoapConfig.DEDUPLICATOR_PEERS_MARK_AND_SWEEP))
            .build();
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
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
      CoapClient client =
          new CoapClient("coap://127.0.0.1:" + work.port(device, ports) + work.path(device)) {
            @Override
            protected void execute(Runnable heard) {
              heard.run();
            }
          };
      client.setExecutors(timer, timer, true);
      client.setEndpoint(endpoint);
      var unused = client.observe(ear, MediaTypeRegistry.TEXT_PLAIN);
    }
    return endpoint::destroy;
  }
}
