/**
 * YAML files whose errors name file, line and path. Used for device profiles and for every
 * configuration file of the product.
 */
@NullMarked
package io.plantroom.yaml;

import org.jspecify.annotations.NullMarked;
