@NullMarked
package io.plantroom.hub.series;

import org.jspecify.annotations.NullMarked;
