package io.plantroom.deploy;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Programs from outside that a test talks to. On a machine without them the test is reported as
 * skipped with the reason; where the environment says CI=true it fails instead.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({TYPE, METHOD})
@ExtendWith(Needs.Present.class)
@interface Needs {
  String[] value();

  /** A module that the first program, Python, must be able to import; empty for none. */
  String pythonModule() default "";

  /** A module that Node.js must find, by NODE_PATH or beside the tests; empty for none. */
  String nodeModule() default "";

  /** Whether it mounts file systems or the like. */
  boolean root() default false;

  /** The condition behind the annotation. */
  final class Present implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      List<String> missing =
          AnnotationSupport.findAnnotation(context.getElement(), Needs.class).stream()
              .flatMap(Present::missing)
              .toList();
      if (missing.isEmpty()) {
        return ConditionEvaluationResult.enabled("all programs are there");
      }
      String reason = "this machine lacks " + String.join(", ", missing);
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException(reason + "; in CI that is a failure");
      }
      System.out.println("SKIPPED " + context.getDisplayName() + ": " + reason);
      return ConditionEvaluationResult.disabled(reason);
    }

    private static Stream<String> missing(Needs needs) {
      List<String> programs =
          Arrays.stream(needs.value()).filter(p -> Programs.find(p).isEmpty()).toList();
      if (programs.isEmpty() && !needs.nodeModule().isEmpty() && !finds(needs)) {
        return Stream.of("the Node.js module " + needs.nodeModule() + " (NODE_PATH)");
      }
      boolean module = needs.pythonModule().isEmpty() || imports(needs);
      if (programs.isEmpty() && !module) {
        return Stream.of("the Python module " + needs.pythonModule());
      }
      return needs.root() && !"root".equals(System.getProperty("user.name"))
          ? Stream.concat(programs.stream(), Stream.of("the rights of root"))
          : programs.stream();
    }

    private static boolean finds(Needs needs) {
      return succeeds("node", "-e", "require.resolve('" + needs.nodeModule() + "')");
    }

    private static boolean imports(Needs needs) {
      return succeeds(needs.value()[0], "-c", "import " + needs.pythonModule());
    }

    private static boolean succeeds(String... command) {
      try {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0;
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
