package io.plantroom.edge.driver.opcua;

import io.plantroom.edge.config.EdgeConfig;
import io.plantroom.yaml.YamlException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * Whom this gateway trusts, and by what servers know it. The running agent sees a change itself.
 */
@Command(
    name = "certificates",
    mixinStandardHelpOptions = true,
    description = {
      "Which servers are trusted, and this gateway's own certificate.",
      "管理受信任的服务器证书和本网关自己的证书。"
    })
final class CertificatesCommand {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Configuration (YAML). 配置文件")
  private @Nullable Path config;

  @Spec private @Nullable CommandSpec spec;

  /** What a command does in the folder {@code opcua} of the agent's data. */
  private interface Work {
    void in(Path folder, PrintWriter out) throws IOException, GeneralSecurityException;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Trusted and refused certificates. 列出受信任和被拒绝的证书")
  int list() {
    return run(
        (folder, out) -> {
          List<TrustList.Entry> all = new TrustList(folder).entries();
          all.forEach(e -> print(out, e.trusted() ? "trusted " : "rejected", e.certificate()));
          out.println(all.size() + " certificates in " + folder);
        });
  }

  @Command(
      name = "trust",
      mixinStandardHelpOptions = true,
      description = "Trusts a certificate from now on. 信任证书")
  int trust(
      @Parameters(
              paramLabel = "FINGERPRINT|FILE",
              description = "beginning of its SHA-256, or a file. 指纹开头或证书文件")
          String name) {
    return run(
        (folder, out) -> print(out, "trusted ", new TrustList(folder).trust(name).certificate()));
  }

  @Command(
      name = "reject",
      mixinStandardHelpOptions = true,
      description = "Trusts a certificate no longer. 不再信任证书")
  int reject(
      @Parameters(
              paramLabel = "FINGERPRINT|FILE",
              description = "beginning of its SHA-256, or a file. 指纹开头或证书文件")
          String name) {
    return run(
        (folder, out) -> print(out, "rejected", new TrustList(folder).reject(name).certificate()));
  }

  @Command(
      name = "own",
      mixinStandardHelpOptions = true,
      description = "Prints this gateway's certificate, for the servers' trust lists. 显示本网关证书")
  int own() {
    return run(
        (folder, out) -> {
          X509Certificate own = OpcUaIdentity.loadOrMake(folder).certificate();
          print(out, "own     ", own);
          out.println("-----BEGIN CERTIFICATE-----");
          out.println(
              Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                  .encodeToString(own.getEncoded()));
          out.println("-----END CERTIFICATE-----");
        });
  }

  @Command(
      name = "renew",
      mixinStandardHelpOptions = true,
      description = {
        "Makes this gateway a new key and certificate; servers must trust it anew.",
        "为本网关生成新的密钥和证书，服务器需重新信任。"
      })
  int renew() {
    return run((folder, out) -> print(out, "own     ", OpcUaIdentity.renew(folder).certificate()));
  }

  private int run(Work work) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    if (config == null) {
      err.println("--config FILE is missing: certificates are kept in its data folder");
      err.flush();
      return 2;
    }
    try {
      work.in(EdgeConfig.load(config).data().resolve("opcua"), out);
      out.flush();
      return 0;
    } catch (YamlException e) {
      e.problems().forEach(err::println);
    } catch (IOException | GeneralSecurityException e) {
      err.println(e.getMessage());
    }
    err.flush();
    return 2;
  }

  private static void print(PrintWriter out, String state, X509Certificate c) {
    out.println(
        state
            + " "
            + TrustList.fingerprint(c)
            + "  until "
            + c.getNotAfter().toInstant().atZone(ZoneOffset.UTC).toLocalDate()
            + "  "
            + c.getSubjectX500Principal().getName()
            + (c.getSubjectX500Principal().equals(c.getIssuerX500Principal())
                ? ""
                : "  signed by " + c.getIssuerX500Principal().getName()));
  }
}
