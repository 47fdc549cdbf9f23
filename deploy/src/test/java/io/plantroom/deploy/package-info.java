@NullMarked
package io.plantroom.deploy;

import org.jspecify.annotations.NullMarked;
