@NullMarked
package io.plantroom.simulator.play;

import org.jspecify.annotations.NullMarked;
