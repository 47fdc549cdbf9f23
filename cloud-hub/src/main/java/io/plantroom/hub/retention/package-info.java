/** For how long samples and rollups are kept, by site and class of point. */
@NullMarked
package io.plantroom.hub.retention;

import org.jspecify.annotations.NullMarked;
