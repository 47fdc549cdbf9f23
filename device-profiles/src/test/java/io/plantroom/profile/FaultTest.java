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
    "eastron-sdm120, power-lost, no-voltage",
    "eastron-sdm120, over-voltage, over-voltage",
    "eastron-sdm120, under-voltage, under-voltage",
    "schneider-pm5000, phase-loss, phase-loss-l2",
    "schneider-pm5000, over-voltage, over-voltage-l1",
    "schneider-pm5000, under-voltage, under-voltage-l3",
    "abb-b23-b24, phase-loss, phase-loss-l2",
    "abb-b23-b24, over-voltage, over-voltage-l1",
    "abb-b23-b24, under-voltage, under-voltage-l3",
    "abb-b23-b24, low-power-factor, low-power-factor",
    "acrel-dtsd1352, phase-loss, phase-loss-l2",
    "acrel-dtsd1352, over-voltage, over-voltage-l1",
    "acrel-dtsd1352, under-voltage, under-voltage-l3",
    "acrel-dtsd1352, low-power-factor, low-power-factor",
    "chint-dtsu666, phase-loss, phase-loss-l2",
    "chint-dtsu666, over-voltage, over-voltage-l1",
    "chint-dtsu666, under-voltage, under-voltage-l3",
    "chint-dtsu666, low-power-factor, low-power-factor",
    "chint-ddsu666, power-lost, no-voltage",
    "chint-ddsu666, over-voltage, over-voltage",
    "chint-ddsu666, under-voltage, under-voltage",
    "carlo-gavazzi-em24, phase-loss, phase-loss-l2",
    "carlo-gavazzi-em24, over-voltage, over-voltage-l1",
    "carlo-gavazzi-em24, under-voltage, under-voltage-l3",
    "carlo-gavazzi-em24, low-power-factor, low-power-factor",
    "siemens-pac3200, phase-loss, phase-loss-l2",
    "siemens-pac3200, over-voltage, over-voltage-l1",
    "siemens-pac3200, under-voltage, under-voltage-l3",
    "siemens-pac3200, low-power-factor, low-power-factor",
    "siemens-pac3200, unbalance, current-unbalance",
    "diehl-sharky-775, supply-cold, supply-cold",
    "diehl-sharky-775, no-flow, no-flow",
    "diehl-sharky-775, return-hot, return-hot",
    "diehl-sharky-775, sensor-error, meter-error",
    "itron-cf51, supply-cold, supply-cold",
    "itron-cf51, no-flow, no-flow",
    "itron-cf51, return-hot, return-hot",
    "sontex-supercal-531, supply-cold, supply-cold",
    "sontex-supercal-531, no-flow, no-flow",
    "sontex-supercal-531, return-hot, return-hot",
    "seametrics-imag-4700, back-flow, back-flow",
    "seametrics-imag-4700, burst, burst",
    "seametrics-imag-4700, low-supply, low-supply",
    "lwm2m-gas-meter, leak, leak",
    "lwm2m-gas-meter, leak-suspected, leak-suspected",
    "lwm2m-gas-meter, hot, high-temperature",
    "lwm2m-gas-meter, low-battery, low-battery",
    "sick-flowsic500, pressure-low, pressure-low",
    "sick-flowsic500, pressure-high, pressure-high",
    "sick-flowsic500, burst, flow-at-night",
    "grundfos-hydro-mpc, dry-run, dry-run",
    "grundfos-hydro-mpc, water-shortage, water-shortage",
    "grundfos-hydro-mpc, over-pressure, pump-fault",
    "grundfos-hydro-mpc, burst-pipe, outlet-low",
    "grundfos-hydro-mpc, inlet-low, inlet-low",
    "grundfos-hydro-mpc, pump-1-overload, pump-1-fault",
    "grundfos-hydro-mpc, pump-2-overload, pump-2-fault",
    "grundfos-magna3, dry-run, dry-run",
    "grundfos-magna3, blocked, blocked",
    "grundfos-magna3, overload, pump-fault",
    "grundfos-magna3, closed-valve, no-flow",
    "imp-nmt, fault, pump-fault",
    "imp-nmt, motor-hot, motor-hot",
    "imp-nmt, closed-valve, no-flow",
    "danfoss-fc102, trip, trip",
    "danfoss-fc102, trip-lock, trip-lock",
    "danfoss-fc102, fan-failed, heatsink-hot",
    "danfoss-fc102, stiff-load, current-limit",
    "danfoss-fc102, warning, warning",
    "abb-ach580, trip, trip",
    "abb-ach580, warning, warning",
    "abb-ach580, local, local-control",
    "deepsea-gencomm, mains-failure, running-on-load",
    "deepsea-gencomm, no-start, failed-to-start",
    "deepsea-gencomm, low-oil, low-oil-pressure",
    "deepsea-gencomm, hot, coolant-hot",
    "deepsea-gencomm, low-fuel, low-fuel",
    "deepsea-gencomm, flat-battery, battery-low",
    "deepsea-gencomm, not-in-auto, not-in-auto",
    "deepsea-gencomm, overload, overload",
    "comap-intelisys, mains-failure, running-on-load",
    "comap-intelisys, no-start, failed-to-start",
    "comap-intelisys, low-oil, low-oil-pressure",
    "comap-intelisys, hot, coolant-hot",
    "comap-intelisys, low-fuel, low-fuel",
    "comap-intelisys, flat-battery, battery-low",
    "comap-intelisys, not-in-auto, not-in-auto",
    "apc-smart-ups, mains-failure, on-battery",
    "apc-smart-ups, worn-battery, replace-battery",
    "apc-smart-ups, overload, overload",
    "apc-smart-ups, fault, ups-fault",
    "apc-smart-ups, battery-unplugged, battery-disconnected",
    "apc-smart-ups, battery-hot, battery-hot",
    "apc-smart-ups, bypass, on-bypass",
    "huawei-ups2000, mains-failure, on-battery",
    "huawei-ups2000, worn-battery, replace-battery",
    "huawei-ups2000, overload, overload",
    "huawei-ups2000, battery-unplugged, battery-disconnected",
    "huawei-ups2000, hot, hot",
    "lift-modbus-gateway, trapped, trapped",
    "lift-modbus-gateway, door-fault, door-fault",
    "lift-modbus-gateway, unintended-movement, unintended-movement",
    "lift-modbus-gateway, over-travel, over-travel",
    "lift-modbus-gateway, safety-circuit, safety-circuit",
    "lift-modbus-gateway, position-lost, lift-fault",
    "lift-modbus-gateway, fire-service, fire-service",
    "lift-modbus-gateway, power-outage, power-outage",
    "generic-escalator, reversal, reversal",
    "generic-escalator, missing-step, missing-step",
    "generic-escalator, overspeed, overspeed",
    "generic-escalator, emergency-stop, safety-circuit",
    "generic-escalator, restart-prevented, restart-prevented",
    "escalator-modbus-gateway, reversal, reversal",
    "escalator-modbus-gateway, missing-step, missing-step",
    "escalator-modbus-gateway, overspeed, overspeed",
    "escalator-modbus-gateway, emergency-stop, safety-circuit",
    "escalator-modbus-gateway, restart-prevented, restart-prevented",
    "system-sensor-faast, smoulder, action",
    "system-sensor-faast, dust, alert",
    "system-sensor-faast, sensor, fault",
    "system-sensor-faast, fan, aspirator-fault",
    "system-sensor-faast, blocked-pipe, airflow",
    "system-sensor-faast, dirty-filter, filter",
    "system-sensor-faast, isolated, isolated",
    "system-sensor-faast, low-voltage, low-voltage",
    "fire-panel-contacts, fire, fire",
    "fire-panel-contacts, fault, fault",
    "fire-panel-contacts, disabled, disabled",
    "fire-panel-contacts, valve-shut, supervisory",
    "fire-panel-contacts, mains-lost, power-lost",
    "fire-panel-contacts, battery-fault, battery-fault",
    "fire-panel-contacts, pump-started, pump-running",
    "fire-panel-contacts, manual, manual-mode",
    "enervent-eair, frost, frost",
    "enervent-eair, no-heat, supply-cold",
    "enervent-eair, dirty-filter, filter",
    "enervent-eair, dirty-extract-filter, extract-filter",
    "enervent-eair, belt, recovery-low",
    "systemair-save, frost, frost",
    "systemair-save, dirty-filter, filter",
    "systemair-save, supply-fan-stuck, supply-fan",
    "systemair-save, extract-fan-stuck, extract-fan",
    "systemair-save, fan-control, fan-control",
    "systemair-save, heater-hot, heater-hot",
    "coolmasternet-vrf, u1-lost, u1-lost",
    "coolmasternet-vrf, u1-filter, u1-filter",
    "coolmasternet-vrf, u1-hot, u1-hot",
    "coolmasternet-vrf, u2-lost, u2-lost",
    "coolmasternet-vrf, u2-filter, u2-filter",
    "coolmasternet-vrf, u2-hot, u2-hot",
    "room-multigas-rs485, crowded, co2-high",
    "room-multigas-rs485, smog, pm25-high",
    "room-multigas-rs485, hot, too-hot",
    "room-multigas-rs485, humid, humid",
    "xy-md02, hot, too-hot",
    "xy-md02, humid, humid",
    "xy-md02, cold, too-cold",
    "senseair-s8, crowded, co2-high",
    "senseair-s8, broken, sensor-fault",
    "senva-tg, idling, co-warning",
    "senva-tg, danger, co-alarm",
    "senva-tg, diesel, no2-high",
    "senva-tg, old-cell, cell-old",
    "lwm2m-air-quality, crowded, co2-high",
    "lwm2m-air-quality, smog, pm25-high",
    "lwm2m-air-quality, exhaust, co-high",
    "lwm2m-air-quality, low-battery, low-battery",
    "lwm2m-level, low, low",
    "lwm2m-level, empty, empty",
    "lwm2m-level, overflow, overflow",
    "lwm2m-level, low-battery, low-battery",
    "level-transmitter-rs485, low, low",
    "level-transmitter-rs485, overflow, overflow",
    "level-transmitter-rs485, other-decimals, scaling",
    "level-transmitter-rs485, other-unit, wrong-unit",
  })
  void aFaultRaisesItsAlarmAlone(String profile, String fault, String alarm) {
    assertThat(RAISED.get(profile + " " + fault)).containsExactly(alarm);
  }

  @ParameterizedTest
  @CsvSource({
    "apc-smart-ups, battery-empty, battery-low on-battery",
    "huawei-ups2000, battery-empty, battery-low on-battery",
    "huawei-ups2000, fault, on-bypass ups-fault",
    "system-sensor-faast, fire, action fire",
    "system-sensor-faast, fire-2, action fire fire-2",
    "senseair-s8, leak, co2-high garage-co2",
  })
  void aFaultRaisesAllThatFollowFromIt(String profile, String fault, String alarms) {
    assertThat(RAISED.get(profile + " " + fault)).containsExactly(alarms.split(" "));
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
        if (a.key().matches("fire(-[dm]?\\d)?")) {
          fires++;
          assertThat(a.priority()).isEqualTo(Priority.CRITICAL);
          assertThat(a.latched()).isTrue();
          assertThat(a.onDelay()).isEqualTo(Duration.ZERO);
          assertThat(a.offDelay()).isEqualTo(Duration.ZERO);
        }
      }
    }
    assertThat(fires).isEqualTo(10);
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
