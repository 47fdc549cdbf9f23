package io.plantroom.broker;

import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission.MqttActivity;
import com.hivemq.extension.sdk.api.client.parameter.ClientTlsInformation;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.packets.auth.ModifiableDefaultPermissions;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * A client may do what its certificate says: the common name is its client id, the unit is {@code
 * gateway} or {@code hub}. A gateway reaches only its own topics; a stolen one harms nobody else.
 */
final class CertificateRules implements SimpleAuthenticator {

  @Override
  public void onConnect(SimpleAuthInput input, SimpleAuthOutput output) {
    String clientId = input.getClientInformation().getClientId();
    Optional<X509Certificate> certificate =
        input
            .getConnectionInformation()
            .getClientTlsInformation()
            .flatMap(ClientTlsInformation::getClientCertificate);
    String name = certificate.map(c -> part(c, "CN")).orElse("");
    String unit = certificate.map(c -> part(c, "OU")).orElse("");
    if (name.isEmpty() || !name.equals(clientId)) {
      output.failAuthentication(
          ConnackReasonCode.NOT_AUTHORIZED, "the client id must be the certificate's common name");
      return;
    }
    ModifiableDefaultPermissions permissions = output.getDefaultPermissions();
    permissions.setDefaultBehaviour(DefaultAuthorizationBehaviour.DENY);
    if (unit.equals("hub")) {
      permissions.add(allow("plantroom/v1/+/up/+", MqttActivity.SUBSCRIBE));
      permissions.add(allow("plantroom/v1/+/down/+", MqttActivity.PUBLISH));
    } else {
      permissions.add(allow("plantroom/v1/" + name + "/up/+", MqttActivity.PUBLISH));
      permissions.add(allow("plantroom/v1/" + name + "/down/+", MqttActivity.SUBSCRIBE));
    }
    output.authenticateSuccessfully();
  }

  private static TopicPermission allow(String topics, MqttActivity activity) {
    return Builders.topicPermission().topicFilter(topics).activity(activity).build();
  }

  private static String part(X509Certificate certificate, String type) {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(r -> r.getType().equalsIgnoreCase(type))
              .map(Rdn::getValue)
              .map(String::valueOf)
              .findFirst()
              .orElse("");
    } catch (InvalidNameException e) {
      return "";
    }
  }
}
