/** Work orders, corrective and preventive. */
@NullMarked
package io.plantroom.hub.maintenance;

import org.jspecify.annotations.NullMarked;
