/** Tests of io.plantroom.hub.database. */
@NullMarked
package io.plantroom.hub.database;

import org.jspecify.annotations.NullMarked;
