/** The ledger of equipment as people see it. */
@NullMarked
package io.plantroom.hub.equipment;

import org.jspecify.annotations.NullMarked;
