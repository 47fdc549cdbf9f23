@NullMarked
package io.plantroom.bench.size;

import org.jspecify.annotations.NullMarked;
