package io.plantroom.hub.site;

import io.plantroom.hub.config.Organisation;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.profile.LocalText;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tree of the organisation in the database, and what each caller may see of it. */
public final class Sites {
  private static final String NODE =
      """
      INSERT INTO org_node (id, kind, parent, name_zh, name_en, time_zone, position)
      VALUES (:id, :kind, :parent, :zh, :en, :zone, :position)
      ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, name_zh = excluded.name_zh,
          name_en = excluded.name_en, time_zone = excluded.time_zone, position = excluded.position""";
  private static final String GATEWAY =
      """
      INSERT INTO gateway (code, site_id, name_zh, name_en) VALUES (:code, :site, :zh, :en)
      ON CONFLICT (code) DO UPDATE SET site_id = excluded.site_id, name_zh = excluded.name_zh,
          name_en = excluded.name_en, listed = true""";
  private static final String UNLIST =
      """
      UPDATE gateway SET listed = false WHERE listed AND NOT code = ANY (:codes)""";
  private static final String VISIBLE =
      """
      WITH RECURSIVE seen(id, parent) AS (
        SELECT id, parent FROM org_node WHERE id IN (SELECT allowed_sites(:account, :roles))
        UNION
        SELECT node_id, n.parent FROM role_grant g JOIN org_node n ON n.id = g.node_id
         WHERE g.account_id = :account
        UNION
        SELECT n.id, n.parent FROM org_node n JOIN seen s ON n.id = s.parent)
      SELECT DISTINCT n.* FROM org_node n JOIN seen USING (id) ORDER BY n.position""";

  private final Database database;

  public Sites(Database database) {
    this.database = database;
  }

  /** A node of the tree. */
  public record Node(
      String id, String kind, LocalText name, @Nullable String parent, @Nullable String timeZone) {}

  /** Makes the database say what the file says; what the file no longer names keeps its history. */
  public static void apply(Database database, Organisation organisation) {
    database
        .jdbi()
        .useTransaction(
            h -> {
              int position = 0;
              for (Organisation.Group g : organisation.groups()) {
                node(h, new Node(g.id(), "group", g.name(), null, null), position++);
                for (Organisation.Company c : g.companies()) {
                  node(h, new Node(c.id(), "company", c.name(), g.id(), null), position++);
                  for (Organisation.Site s : c.sites()) {
                    node(h, new Node(s.id(), "site", s.name(), c.id(), s.timeZone()), position++);
                  }
                }
              }
              gateways(h, organisation.gateways());
            });
  }

  public void addTo(Routes routes) {
    routes.on("organisation", this::organisation);
  }

  private List<Node> organisation(Call call) {
    return database
        .jdbi()
        .withHandle(
            h ->
                call.visible(h.createQuery(VISIBLE))
                    .map(
                        (rs, ctx) ->
                            new Node(
                                rs.getString("id"),
                                rs.getString("kind"),
                                new LocalText(rs.getString("name_zh"), rs.getString("name_en")),
                                rs.getString("parent"),
                                rs.getString("time_zone")))
                    .list());
  }

  private static void node(Handle handle, Node node, int position) {
    handle
        .createUpdate(NODE)
        .bind("id", node.id())
        .bind("kind", node.kind())
        .bind("parent", node.parent())
        .bind("zh", node.name().zh())
        .bind("en", node.name().en())
        .bind("zone", node.timeZone())
        .bind("position", position)
        .execute();
  }

  private static void gateways(Handle handle, List<Organisation.GatewayEntry> gateways) {
    for (Organisation.GatewayEntry g : gateways) {
      handle
          .createUpdate(GATEWAY)
          .bind("code", g.code())
          .bind("site", g.site())
          .bind("zh", g.name().zh())
          .bind("en", g.name().en())
          .execute();
    }
    handle
        .createUpdate(UNLIST)
        .bindArray(
            "codes", String.class, gateways.stream().map(Organisation.GatewayEntry::code).toArray())
        .execute();
  }
}
