package io.plantroom.hub.analysis;

import io.plantroom.hub.database.Database;
import io.plantroom.hub.database.Reads;
import io.plantroom.hub.http.Call;
import io.plantroom.hub.http.Routes;
import io.plantroom.profile.ProfileCatalog;
import java.time.InstantSource;

/** Everything that is asked of the analysis. */
public final class AnalysisRoutes {
  private final Database database;
  private final Reads reads;
  private final ProfileCatalog profiles;
  private final InstantSource clock;

  public AnalysisRoutes(
      Database database, Reads reads, ProfileCatalog profiles, InstantSource clock) {
    this.database = database;
    this.reads = reads;
    this.profiles = profiles;
    this.clock = clock;
  }

  public void addTo(Routes routes) {
    on(routes, "consumption", new ConsumptionTopic());
    on(routes, "consumptionComparison", new ComparisonTopic());
    on(routes, "waterFlow", new WaterTopic());
    on(routes, "pumps", new PumpTopic(profiles));
    new Tariffs(database).addTo(routes);
    new SettingsStore(database, profiles).addTo(routes);
  }

  private <F> void on(Routes routes, String operation, Topic<F> topic) {
    routes.on(operation, call -> answer(call, topic));
  }

  private <F> Object answer(Call call, Topic<F> topic) {
    return reads.inTransaction(
        h -> {
          Question question = Question.of(h, call, topic.days(), clock.instant());
          F found = topic.find(question);
          return Report.asked(call)
              ? Report.answer(call, topic.report(question, found))
              : topic.tell(question, found);
        });
  }
}
