/** Groups, companies and sites. */
@NullMarked
package io.plantroom.hub.site;

import org.jspecify.annotations.NullMarked;
