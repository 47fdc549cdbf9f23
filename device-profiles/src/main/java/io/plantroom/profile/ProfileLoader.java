package io.plantroom.profile;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.plantroom.yaml.YamlException;
import io.plantroom.yaml.YamlFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads profiles and says what is wrong with them: first against the schema, then in itself. */
public final class ProfileLoader {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(resource("/profile.schema.json"));

  private ProfileLoader() {}

  public static Profile load(Path file) throws YamlException {
    return check(YamlFile.read(file));
  }

  /** A profile from a text; errors call it {@code name}. */
  public static Profile parse(String name, String text) throws YamlException {
    return check(YamlFile.parse(name, text));
  }

  static String resource(String path) {
    try (InputStream in = ProfileLoader.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("resource " + path + " is missing in this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Profile check(YamlFile file) throws YamlException {
    file.check(SCHEMA);
    return file.as(Profile.class);
  }
}
