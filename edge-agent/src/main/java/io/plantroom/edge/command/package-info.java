/** What the hub wants written to the field: judged, remembered, written at most once, answered. */
@NullMarked
package io.plantroom.edge.command;

import org.jspecify.annotations.NullMarked;
