@NullMarked
package io.plantroom.simulator.building;

import org.jspecify.annotations.NullMarked;
