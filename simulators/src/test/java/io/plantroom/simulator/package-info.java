@NullMarked
package io.plantroom.simulator;

import org.jspecify.annotations.NullMarked;
