package io.plantroom.edge;

/** The version of this build. */
final class Version {
  static final String TEXT = text(Version.class.getPackage().getImplementationVersion());

  private Version() {}

  private static String text(@org.jspecify.annotations.Nullable String found) {
    return found == null ? "development" : found;
  }
}
