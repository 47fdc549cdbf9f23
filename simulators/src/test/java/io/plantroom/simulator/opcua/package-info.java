@NullMarked
package io.plantroom.simulator.opcua;

import org.jspecify.annotations.NullMarked;
