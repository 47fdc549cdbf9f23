/** Health and metrics on a port of their own. */
@NullMarked
package io.plantroom.hub.management;

import org.jspecify.annotations.NullMarked;
