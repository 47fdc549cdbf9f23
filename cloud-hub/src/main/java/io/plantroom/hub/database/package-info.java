/** The pool, the migrations and the level of the database. */
@NullMarked
package io.plantroom.hub.database;

import org.jspecify.annotations.NullMarked;
