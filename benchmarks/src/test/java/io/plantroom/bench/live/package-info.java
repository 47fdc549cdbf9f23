@NullMarked
package io.plantroom.bench.live;

import org.jspecify.annotations.NullMarked;
