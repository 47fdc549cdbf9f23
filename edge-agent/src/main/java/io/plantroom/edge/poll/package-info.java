/** When each device is asked, and which of its answers are worth telling. */
@NullMarked
package io.plantroom.edge.poll;

import org.jspecify.annotations.NullMarked;
