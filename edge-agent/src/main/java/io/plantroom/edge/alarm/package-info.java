/** Alarm conditions of the profiles, judged on every sample, also when the hub is away. */
@NullMarked
package io.plantroom.edge.alarm;

import org.jspecify.annotations.NullMarked;
