package io.plantroom.hub.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.plantroom.hub.TestDatabase;
import io.plantroom.hub.database.Database;
import io.plantroom.hub.telemetry.PointRegistry.Wanted;
import io.plantroom.profile.PointKind;
import io.plantroom.profile.ProfileCatalog;
import io.plantroom.telemetry.Cause;
import io.plantroom.telemetry.Sample;
import io.plantroom.telemetry.Value;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PointRegistryTest {
  private static final Instant AT = Instant.parse("2026-03-01T00:00:00Z");
  private final Database database = Database.open(TestDatabase.fresh());
  private final List<Integer> gateways = new ArrayList<>();

  @BeforeAll
  void gateways() {
    database
        .jdbi()
        .useHandle(
            h -> {
              h.execute(
                  """
                  INSERT INTO org_node (id, kind, name_zh, name_en, parent, time_zone, position)
                  VALUES ('s', 'site', 's', 's', NULL, 'Asia/Shanghai', 1)""");
              gateways.addAll(
                  h.createQuery(
                          """
                          INSERT INTO gateway (code, site_id, name_zh, name_en)
                          SELECT 'gw-' || i, 's', 'g', 'g' FROM generate_series(1, 40) i
                          RETURNING id""")
                      .mapTo(Integer.class)
                      .list());
            });
  }

  @AfterAll
  void close() {
    database.close();
  }

  @Test
  void newPointsOfManyGatewaysAreMadeAtOnceAndFoundByTheNextHub() {
    List<Wanted> wanted = new ArrayList<>();
    for (int gateway : gateways) {
      // The same names everywhere, and some of them in two frames of one transaction.
      wanted.add(new Wanted(gateway, samples("{\"quoted, key}\\", "flow", "泵\"房")));
      wanted.add(new Wanted(gateway, samples("pump", "flow", "flow", "power")));
    }

    List<List<PointRef>> made = resolve(registry(), wanted);
    List<List<PointRef>> found = resolve(registry(), wanted);

    assertThat(found).isEqualTo(made);
    assertThat(made.stream().flatMap(List::stream).distinct()).hasSize(4 * gateways.size());
    for (int i = 0; i < wanted.size(); i++) {
      assertThat(made.get(i).stream().map(PointRef::name))
          .containsExactlyElementsOf(wanted.get(i).samples().stream().map(Sample::point).toList());
      assertThat(made.get(i).stream().map(r -> gatewayOf(r.deviceId())))
          .containsOnly(wanted.get(i).gatewayId());
    }
  }

  @Test
  void whatIsKnownAndWhatIsNewMixInOneTransaction() {
    PointRegistry registry = registry();
    int one = gateways.get(0);
    int other = gateways.get(1);
    PointRef before = resolve(registry, List.of(new Wanted(one, samples("m", "a")))).get(0).get(0);

    List<List<PointRef>> refs =
        resolve(
            registry,
            List.of(new Wanted(other, samples("m", "a")), new Wanted(one, samples("m", "b", "a"))));

    assertThat(refs.get(1).get(1)).isEqualTo(before);
    assertThat(refs.get(0).get(0).id()).isNotEqualTo(before.id());
    assertThat(refs.get(1).get(0).name()).isEqualTo("b");
  }

  @Test
  void aSampleWithAValueSaysTheKindThoughABadOneCameFirst() {
    List<Sample> samples =
        List.of(
            Sample.bad("meter", "energy", AT, Cause.TIMEOUT),
            Sample.good("meter", "energy", AT.plusSeconds(1), new Value.Counter(BigDecimal.TEN)));

    List<List<PointRef>> refs = resolve(registry(), List.of(new Wanted(gateways.get(2), samples)));

    assertThat(refs.get(0)).extracting(PointRef::kind).containsOnly(PointKind.COUNTER);
  }

  private static List<Sample> samples(String device, String... points) {
    List<Sample> samples = new ArrayList<>();
    for (String point : points) {
      samples.add(Sample.good(device, point, AT.plusMillis(samples.size()), new Value.Analog(1)));
    }
    return samples;
  }

  private static PointRegistry registry() {
    return new PointRegistry(ProfileCatalog.builtIn());
  }

  private List<List<PointRef>> resolve(PointRegistry registry, List<Wanted> wanted) {
    Map<PointKey, PointRef> made = new HashMap<>();
    List<List<PointRef>> refs =
        database.jdbi().inTransaction(h -> registry.resolve(h, wanted, made));
    registry.remember(made);
    return refs;
  }

  private int gatewayOf(int device) {
    return database
        .jdbi()
        .withHandle(
            h ->
                h.createQuery("SELECT gateway_id FROM device WHERE id = :id")
                    .bind("id", device)
                    .mapTo(Integer.class)
                    .one());
  }
}
