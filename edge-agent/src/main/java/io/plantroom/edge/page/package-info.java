/** The page that whoever stands before the box sees in a browser. */
@NullMarked
package io.plantroom.edge.page;

import org.jspecify.annotations.NullMarked;
