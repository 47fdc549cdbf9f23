/** How complete the data is, and why what is missing is missing. */
@NullMarked
package io.plantroom.hub.completeness;

import org.jspecify.annotations.NullMarked;
