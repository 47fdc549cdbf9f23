@NullMarked
package io.plantroom.wire;

import org.jspecify.annotations.NullMarked;
