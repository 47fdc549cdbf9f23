package io.plantroom.simulator.device;

import java.math.BigDecimal;
import java.time.Instant;

/** That somebody has set a point, and to what, in its unit. */
public record Write(Instant at, String point, BigDecimal value) {}
