package io.plantroom.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each fault that the simulator can show raises its alarm and, but for what follows, no other. */
class FaultTest {
  private static final Map<String, List<String>> RAISED = Rest.contract();

  @ParameterizedTest
  @CsvSource({
    "grundfos-cim-pump, dry-run, dry-run",
    "grundfos-cim-pump, blocked, blocked",
    "grundfos-cim-pump, water-shortage, water-shortage",
    "grundfos-cim-pump, overload, overload",
    "grundfos-cim-pump, phase-loss, supply",
    "grundfos-cim-pump, bearing-hot, bearing-hot",
    "grundfos-cim-pump, too-many-restarts, pump-fault",
    "grundfos-cim-pump, closed-valve, no-flow",
    "grundfos-cim-pump, warning, warning",
    "generic-lift, trapped, trapped",
    "generic-lift, door-fault, door-fault",
    "generic-lift, unintended-movement, unintended-movement",
    "generic-lift, over-travel, over-travel",
    "generic-lift, fire-service, fire-service",
    "notifier-modbus-gw, fire, fire",
    "notifier-modbus-gw, fire-d2, fire-d2",
    "notifier-modbus-gw, co-fire, fire-d3",
    "notifier-modbus-gw, co, co-d4",
    "notifier-modbus-gw, call-point, fire-m1",
    "notifier-modbus-gw, supervisory, supervisory-m2",
    "notifier-modbus-gw, pre-alarm, pre-alarm-d2",
    "notifier-modbus-gw, fault, fault-d3",
    "notifier-modbus-gw, disabled, disabled-d4",
    "lwm2m-smoke, fire, fire",
    "lwm2m-smoke, low-battery, low-battery",
    "lwm2m-leak, leak, leak",
    "lwm2m-temperature, too-hot, too-hot",
    "lwm2m-water-meter, back-flow, back-flow",
    "lwm2m-water-meter, blocked, meter-blocked",
    "kamstrup-multical, supply-cold, supply-cold",
    "eastron-sdm630, phase-loss, phase-loss-l2",
    "eastron-sdm630, over-voltage, over-voltage-l1",
    "eastron-sdm630, under-voltage, under-voltage-l3",
    "eastron-sdm630, low-power-factor, low-power-factor",
    "acrel-adw300, phase-loss, phase-loss-l2",
    "schneider-iem3155, phase-loss, phase-loss-l2",
    "carlo-gavazzi-em340, phase-loss, phase-loss-l2",
  })
  void aFaultRaisesItsAlarmAlone(String profile, String fault, String alarm) {
    assertThat(RAISED.get(profile + " " + fault)).containsExactly(alarm);
  }

  @Test
  void aLeakBehindAMeterIsAlsoSuspected() {
    assertThat(RAISED.get("lwm2m-water-meter leak")).containsExactly("leak", "leak-suspected");
  }

  @Test
  void fireIsCriticalLatchedAndNeverDelayed() {
    long fires = 0;
    for (Profile p : ProfileCatalog.builtIn().all()) {
      for (AlarmCondition a : p.alarms()) {
        if (a.key().matches("fire(-[dm]\\d)?")) {
          fires++;
          assertThat(a.priority()).isEqualTo(Priority.CRITICAL);
          assertThat(a.latched()).isTrue();
          assertThat(a.onDelay()).isEqualTo(Duration.ZERO);
          assertThat(a.offDelay()).isEqualTo(Duration.ZERO);
        }
      }
    }
    assertThat(fires).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({
    "grundfos-cim-pump, dry-run",
    "grundfos-cim-pump, blocked",
    "generic-lift, trapped",
    "generic-lift, door-fault",
    "lwm2m-leak, leak",
    "lwm2m-water-meter, meter-blocked",
  })
  void whatSomebodyMustRepairOpensAWorkOrder(String profile, String alarm) {
    AlarmCondition condition =
        ProfileCatalog.builtIn().find(profile).orElseThrow().alarm(alarm).orElseThrow();
    assertThat(condition.workOrder()).isTrue();
  }
}
