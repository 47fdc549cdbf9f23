package io.plantroom.bench.told;

import io.plantroom.bench.Running;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.milo.opcua.sdk.client.DiscoveryClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClientConfigBuilder;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateBuilder;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateGenerator;

/** The least a program on Milo can do: one encrypted session, one subscription of all items. */
final class BareMilo {
  private static final String URI = "urn:plantroom:bench";

  private BareMilo() {}

  static Running start(List<Integer> ports, ToldWork work, Told told) throws Exception {
    OpcUaClient client = connect("opc.tcp://127.0.0.1:" + ports.get(0) + "/plantroom");
    OpcUaSubscription subscription =
        new OpcUaSubscription(client, (double) work.every().toMillis());
    subscription.setSubscriptionListener(
        new OpcUaSubscription.SubscriptionListener() {
          @Override
          public void onDataReceived(
              OpcUaSubscription from, List<OpcUaMonitoredItem> items, List<DataValue> values) {
            for (DataValue value : values) {
              if (value.value().value() instanceof Double changed) {
                told.heard(changed);
              }
            }
          }
        });
    subscription.create();
    List<OpcUaMonitoredItem> items = new ArrayList<>();
    for (int device = 0; device < work.devices(); device++) {
      for (int point = 0; point < work.pointsEach(); point++) {
        NodeId node = NodeId.parse("ns=2;s=" + work.key(device) + ".P" + point);
        OpcUaMonitoredItem item =
            new OpcUaMonitoredItem(
                new ReadValueId(node, AttributeId.Value.uid(), null, QualifiedName.NULL_VALUE));
        item.setSamplingInterval((double) work.every().toMillis());
        item.setQueueSize(Unsigned.uint(1));
        items.add(item);
      }
    }
    subscription.addMonitoredItems(items);
    var unused = subscription.createMonitoredItems();
    return client::disconnect;
  }

  private static OpcUaClient connect(String url) throws Exception {
    EndpointDescription endpoint =
        DiscoveryClient.getEndpoints(url).get().stream()
            .filter(e -> SecurityPolicy.Basic256Sha256.getUri().equals(e.getSecurityPolicyUri()))
            .findFirst()
            .orElseThrow();
    KeyPair keys = SelfSignedCertificateGenerator.generateRsaKeyPair(2048);
    X509Certificate certificate =
        new SelfSignedCertificateBuilder(keys)
            .setCommonName("Plantroom bench")
            .setApplicationUri(URI)
            .build();
    OpcUaClient client =
        OpcUaClient.create(
            new OpcUaClientConfigBuilder()
                .setEndpoint(endpoint)
                .setApplicationUri(URI)
                .setKeyPair(keys)
                .setCertificate(certificate)
                .setCertificateChain(new X509Certificate[] {certificate})
                .setCertificateValidator((chain, uri, names) -> {})
                .build());
    return client.connect();
  }
}
