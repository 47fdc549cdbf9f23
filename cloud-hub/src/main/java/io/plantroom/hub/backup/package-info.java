/** A backup of all data in one file that any level of database can be restored from. */
@NullMarked
package io.plantroom.hub.backup;

import org.jspecify.annotations.NullMarked;
