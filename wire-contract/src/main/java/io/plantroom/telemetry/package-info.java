/**
 * What is measured: samples of points, with their quality. Shared by edge and hub, knows neither.
 */
@NullMarked
package io.plantroom.telemetry;

import org.jspecify.annotations.NullMarked;
