package io.plantroom.hub.config;

import io.plantroom.profile.LocalText;
import io.plantroom.wire.Topics;
import io.plantroom.yaml.YamlException;
import io.plantroom.yaml.YamlFile;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code organisation.yaml}: who owns which site, and which gateways stand there. */
public record Organisation(List<Group> groups, List<GatewayEntry> gateways, List<UserEntry> users) {

  public Organisation {
    groups = List.copyOf(groups);
    gateways = orNone(gateways);
    users = orNone(users);
    Set<String> nodes = new HashSet<>();
    Set<String> sites = new HashSet<>();
    for (Group g : groups) {
      once(nodes, g.id());
      for (Company c : g.companies()) {
        once(nodes, c.id());
        for (Site s : c.sites()) {
          once(nodes, s.id());
          sites.add(s.id());
        }
      }
    }
    Set<String> codes = new HashSet<>();
    for (GatewayEntry g : gateways) {
      if (!sites.contains(g.site())) {
        throw new IllegalArgumentException(
            "gateway '" + g.code() + "' stands at site '" + g.site() + "', which is not listed");
      }
      if (!codes.add(g.code())) {
        throw new IllegalArgumentException("gateway '" + g.code() + "' is listed twice");
      }
    }
    for (UserEntry u : users) {
      for (GrantEntry grant : u.grants()) {
        if (!nodes.contains(grant.node())) {
          throw new IllegalArgumentException(
              "user '" + u.name() + "': node '" + grant.node() + "' is not listed");
        }
      }
    }
  }

  /** The top of the tree. */
  public record Group(String id, LocalText name, List<Company> companies) {
    public Group {
      companies = orNone(companies);
    }
  }

  /** A company of a group. */
  public record Company(String id, LocalText name, List<Site> sites) {
    public Company {
      sites = orNone(sites);
    }
  }

  /** A managed property. */
  public record Site(String id, LocalText name, String timeZone) {
    public Site {
      try {
        ZoneId.of(timeZone);
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(
            "site '" + id + "': time-zone must be a name such as Asia/Shanghai, got " + timeZone,
            e);
      }
    }
  }

  /** A box in a plant room that the hub will listen to. */
  public record GatewayEntry(String code, String site, LocalText name) {
    public GatewayEntry {
      if (!Topics.GATEWAY_CODE.matcher(code).matches()) {
        throw new IllegalArgumentException(
            "gateway code '" + code + "' must be 2 to 63 of a-z, 0-9 and -");
      }
    }
  }

  /**
   * A person who may sign in.
   *
   * @param passwordFile the first password, read only while the account does not exist
   */
  public record UserEntry(
      String name,
      String displayName,
      String language,
      Path passwordFile,
      List<GrantEntry> grants) {
    public UserEntry {
      language = language == null ? "zh" : language;
      grants = List.copyOf(grants);
    }
  }

  /** A role at a node of the tree and everything below it. */
  public record GrantEntry(Role role, String node) {}

  public static Organisation load(Path file) throws YamlException {
    return YamlFile.read(file).as(Organisation.class);
  }

  private static <T> List<T> orNone(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  private static void once(Set<String> seen, String id) {
    if (!id.matches("[a-z0-9][a-z0-9-]*")) {
      throw new IllegalArgumentException("id '" + id + "' must be kebab-case");
    }
    if (!seen.add(id)) {
      throw new IllegalArgumentException("id '" + id + "' is used twice");
    }
  }
}
