/** How the agent tells that it is well: health, metrics and a status page. */
@NullMarked
package io.plantroom.edge.health;

import org.jspecify.annotations.NullMarked;
