@NullMarked
package io.plantroom.simulator.tally;

import org.jspecify.annotations.NullMarked;
