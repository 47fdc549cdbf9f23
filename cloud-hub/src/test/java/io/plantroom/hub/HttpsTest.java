package io.plantroom.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.hub.TestCertificates.Identity;
import io.plantroom.hub.config.HubConfig;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsTest {
  @TempDir Path folder = Path.of(".");

  @Test
  void theHubSpeaksHttpsAndItsCookieNeverTravelsInTheClear() throws Exception {
    Identity identity = TestCertificates.make(folder, "hub", "EC");
    HubConfig.Tls tls = new HubConfig.Tls(identity.certificate(), identity.key());
    try (TestHub hub = new TestHub(folder, TestDatabase.fresh(), InstantSource.system(), tls)) {
      String body =
          "{\"user\":\"admin\",\"password\":\"%s\"}".formatted(hub.secret("admin-password"));
      HttpRequest signIn =
          HttpRequest.newBuilder(
                  URI.create("https://127.0.0.1:" + hub.hub().httpPort() + "/api/v1/session"))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(body))
              .build();

      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .sslContext(trusting(identity))
              .build()
              .send(signIn, BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("set-cookie").orElse(""))
          .containsIgnoringCase("; Secure")
          .containsIgnoringCase("; HttpOnly")
          .contains("SameSite=Strict");
      assertThat(answer.headers().firstValue("strict-transport-security")).isPresent();
    }
  }

  private static SSLContext trusting(Identity identity) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(identity.certificate())) {
      store.setCertificateEntry(
          "hub", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
