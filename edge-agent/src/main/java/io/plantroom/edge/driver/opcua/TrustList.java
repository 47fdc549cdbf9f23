package io.plantroom.edge.driver.opcua;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Certificates of servers that a person has trusted, and those that were shown and refused: DER
 * files named by their SHA-256 in {@code trusted} and {@code rejected}. An authority in {@code
 * trusted} vouches for what it signed. Agent and commands share the folder; what a command changes
 * holds for the next look of the agent.
 */
public final class TrustList {
  private static final int MOST_REJECTED = 100;

  private final Path trusted;
  private final Path rejected;

  /**
   * The list in a folder, which need not exist yet.
   *
   * @param folder {@code opcua} in the agent's data
   */
  public TrustList(Path folder) {
    trusted = folder.resolve("trusted");
    rejected = folder.resolve("rejected");
  }

  /** A certificate of the list. */
  public record Entry(X509Certificate certificate, boolean trusted, String fingerprint) {}

  /** All, trusted ones first. Files that are no certificates are left out. */
  public List<Entry> entries() throws IOException {
    List<Entry> all = new ArrayList<>();
    for (Path folder : List.of(trusted, rejected)) {
      for (Path file : files(folder)) {
        try {
          X509Certificate c = parse(Files.readAllBytes(file));
          all.add(new Entry(c, folder == trusted, fingerprint(c)));
        } catch (NoSuchFileException | CertificateException e) {
          // Moved a moment ago, or somebody's notes: neither is a reason to trust less or more.
        }
      }
    }
    return all;
  }

  /** Those that are trusted. */
  public List<X509Certificate> trusted() throws IOException {
    return entries().stream().filter(Entry::trusted).map(Entry::certificate).toList();
  }

  /** Notes a certificate that was refused, so that a person can look at it and trust it. */
  void refused(X509Certificate certificate) throws IOException {
    List<Path> old = files(rejected);
    for (int i = 0; i <= old.size() - MOST_REJECTED; i++) {
      Files.deleteIfExists(old.get(i));
    }
    write(rejected, certificate);
  }

  /**
   * Trusts a certificate from now on.
   *
   * @param name beginning of the fingerprint of one that was refused, or a file, PEM or DER
   * @throws IOException when there is none or several of that beginning
   */
  public Entry trust(String name) throws IOException {
    X509Certificate certificate = found(name);
    write(trusted, certificate);
    Files.deleteIfExists(file(rejected, certificate));
    return new Entry(certificate, true, fingerprint(certificate));
  }

  /** Trusts a certificate no longer; sessions with its server end within seconds. */
  public Entry reject(String name) throws IOException {
    X509Certificate certificate = found(name);
    write(rejected, certificate);
    Files.deleteIfExists(file(trusted, certificate));
    return new Entry(certificate, false, fingerprint(certificate));
  }

  /** Changes whenever something is trusted or no longer trusted. */
  FileTime stamp() throws IOException {
    return Files.exists(trusted) ? Files.getLastModifiedTime(trusted) : FileTime.fromMillis(0);
  }

  private X509Certificate found(String name) throws IOException {
    Path file = Path.of(name);
    if (Files.isRegularFile(file)) {
      try {
        return parse(Files.readAllBytes(file));
      } catch (CertificateException e) {
        throw new IOException(name + ": not a certificate: " + e.getMessage(), e);
      }
    }
    String wanted = name.toLowerCase(Locale.ROOT).replace(":", "");
    List<Entry> like =
        wanted.length() < 4
            ? List.of()
            : entries().stream().filter(e -> e.fingerprint().startsWith(wanted)).toList();
    List<String> different = like.stream().map(Entry::fingerprint).distinct().toList();
    if (different.size() != 1) {
      throw new IOException(
          different.isEmpty()
              ? "no file and no certificate whose fingerprint begins with '"
                  + name
                  + "' (4 digits or more)"
              : "several fingerprints begin with '" + name + "': " + String.join(", ", different));
    }
    return like.get(0).certificate();
  }

  private static void write(Path folder, X509Certificate certificate) throws IOException {
    Files.createDirectories(folder);
    try {
      WholeFile.write(file(folder, certificate), certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IOException("a certificate cannot be written: " + e.getMessage(), e);
    }
  }

  private static Path file(Path folder, X509Certificate certificate) {
    return folder.resolve(fingerprint(certificate) + ".der");
  }

  /** Oldest first. */
  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.toString().matches(".*\\.(der|pem|crt|cer)"))
          .sorted(Comparator.comparing(TrustList::changed))
          .toList();
    }
  }

  private static FileTime changed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private static X509Certificate parse(byte[] content) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(content));
  }

  /** SHA-256 of the certificate in lower-case hexadecimal. */
  public static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256 and encodes what it parsed", e);
    }
  }
}
