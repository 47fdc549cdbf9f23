/** Whether the time can be believed, and what is done about records made while it could not. */
@NullMarked
package io.plantroom.edge.clock;

import org.jspecify.annotations.NullMarked;
