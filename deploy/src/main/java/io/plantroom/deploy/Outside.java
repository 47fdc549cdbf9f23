package io.plantroom.deploy;

import java.nio.file.Path;

/**
 * A program with devices of its own, which the agent reads beside those of the building.
 *
 * @param devices the list of them that the program writes before it is ready
 * @param profiles folder with their models
 */
record Outside(Part part, Path devices, Path profiles) {}
