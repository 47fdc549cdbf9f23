/** What was used, when, compared with before, and what it tells of the equipment. */
@NullMarked
package io.plantroom.hub.analysis;

import org.jspecify.annotations.NullMarked;
