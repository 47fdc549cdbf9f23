/** Alarms and their life. */
@NullMarked
package io.plantroom.hub.alarm;

import org.jspecify.annotations.NullMarked;
