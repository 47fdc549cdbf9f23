/** How a feature of the agent does its work on a thread of its own. */
@NullMarked
package io.plantroom.edge.steps;

import org.jspecify.annotations.NullMarked;
