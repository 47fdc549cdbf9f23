/** How a feature of the agent or of the hub does its work on a thread of its own. */
@NullMarked
package io.plantroom.steps;

import org.jspecify.annotations.NullMarked;
