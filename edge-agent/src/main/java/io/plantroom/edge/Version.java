package io.plantroom.edge;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** The version of this build. */
final class Version implements IVersionProvider {
  static final String TEXT = text(Version.class.getPackage().getImplementationVersion());

  @Override
  public String[] getVersion() {
    return new String[] {"plantroom-edge " + TEXT};
  }

  private static String text(@Nullable String found) {
    return found == null ? "development" : found;
  }
}
