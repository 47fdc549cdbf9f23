/** Devices that count how often they are asked, and the ledger of what they answered. */
@NullMarked
package io.plantroom.simulator.tally;

import org.jspecify.annotations.NullMarked;
