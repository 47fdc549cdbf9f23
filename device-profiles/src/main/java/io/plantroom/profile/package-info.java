/**
 * What a device model is: one YAML file says how it is read, what its points mean, when it alarms,
 * when it wants service, what it bills, and how the simulator plays it.
 */
@NullMarked
package io.plantroom.profile;

import org.jspecify.annotations.NullMarked;
