package io.plantroom.hub.access;

import io.plantroom.hub.config.HubConfig;
import io.plantroom.hub.config.Organisation;
import io.plantroom.hub.config.Role;
import io.plantroom.hub.database.Database;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes accounts: the first ones by itself, with secrets that only a file of mode 0600 knows. */
public final class Accounts {
  private static final Logger LOGGER = LoggerFactory.getLogger(Accounts.class);
  private static final String ADD =
      """
      INSERT INTO account (name, display_name, kind, password_hash, language)
      VALUES (:name, :display, :kind, :hash, :language)
      ON CONFLICT (name) DO NOTHING RETURNING id""";
  private static final String GRANT =
      """
      INSERT INTO role_grant (account_id, role, node_id) VALUES (:account, :role, :node)
      ON CONFLICT DO NOTHING""";
  private static final String ROOTS = "SELECT id FROM org_node WHERE parent IS NULL";

  private Accounts() {}

  /** Once the organisation stands. Does nothing to accounts that exist. */
  public static void prepare(Database database, HubConfig config, Organisation organisation)
      throws IOException {
    try (Handle handle = database.jdbi().open()) {
      handle.begin();
      // Two hubs that start together must not both make the first account.
      handle.execute("SELECT pg_advisory_xact_lock(hashtext('accounts'))");
      if (none(handle, "person")) {
        String password = Passwords.random();
        long id = add(handle, "admin", "Administrator", "person", Passwords.hash(password), "zh");
        grantAtRoots(handle, id, Role.ADMIN);
        writeSecret(config.adminPasswordFile(), password);
        LOGGER
            .atInfo()
            .addKeyValue("file", config.adminPasswordFile())
            .log("first account 'admin' made, its password is in the file");
      }
      Path tokenFile = config.billingTokenFile();
      if (tokenFile != null && none(handle, "service")) {
        long id = add(handle, "billing", "Billing system", "service", null, "zh");
        grantAtRoots(handle, id, Role.BILLING);
        writeSecret(tokenFile, Tokens.issue(handle, id, "hub", null));
        LOGGER.atInfo().addKeyValue("file", tokenFile).log("token for billing systems made");
      }
      for (Organisation.UserEntry user : organisation.users()) {
        addUser(handle, config, user);
      }
      handle.commit();
    }
  }

  /** A new account, or the id of 0 when the name is taken. */
  static long add(
      Handle handle,
      String name,
      String display,
      String kind,
      @org.jspecify.annotations.Nullable String hash,
      String language) {
    return handle
        .createQuery(ADD)
        .bind("name", name)
        .bind("display", display)
        .bind("kind", kind)
        .bind("hash", hash)
        .bind("language", language)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  static void grant(Handle handle, long account, Role role, String node) {
    handle
        .createUpdate(GRANT)
        .bind("account", account)
        .bind("role", role.key())
        .bind("node", node)
        .execute();
  }

  static void grantAtRoots(Handle handle, long account, Role role) {
    List<String> roots = handle.createQuery(ROOTS).mapTo(String.class).list();
    roots.forEach(root -> grant(handle, account, role, root));
  }

  private static void addUser(Handle handle, HubConfig config, Organisation.UserEntry user)
      throws IOException {
    boolean exists =
        handle
            .createQuery("SELECT true FROM account WHERE name = :name")
            .bind("name", user.name())
            .mapTo(Boolean.class)
            .findOne()
            .isPresent();
    if (exists) {
      return;
    }
    Path file = config.organisation().resolveSibling(user.passwordFile());
    String hash = Passwords.hash(Files.readString(file).strip());
    long id = add(handle, user.name(), user.displayName(), "person", hash, user.language());
    user.grants().forEach(g -> grant(handle, id, g.role(), g.node()));
  }

  private static boolean none(Handle handle, String kind) {
    return handle
        .createQuery("SELECT NOT EXISTS (SELECT 1 FROM account WHERE kind = :kind)")
        .bind("kind", kind)
        .mapTo(Boolean.class)
        .one();
  }

  private static void writeSecret(Path file, String secret) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.deleteIfExists(file);
    try {
      // Born with its mode: there is no moment at which others may read it.
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      throw new IOException(file + " is being written by another process", e);
    }
    Files.writeString(file, secret + "\n", StandardOpenOption.TRUNCATE_EXISTING);
  }
}
