/** Points over time, and their latest values: for charts, for other programs and as files. */
@NullMarked
package io.plantroom.hub.series;

import org.jspecify.annotations.NullMarked;
