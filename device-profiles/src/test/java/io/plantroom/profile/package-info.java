@NullMarked
package io.plantroom.profile;

import org.jspecify.annotations.NullMarked;
