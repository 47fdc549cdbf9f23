package io.plantroom.deploy;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;

import java.io.File;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.List;
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

  /** The condition behind the annotation. */
  final class Present implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      List<String> missing =
          AnnotationSupport.findAnnotation(context.getElement(), Needs.class).stream()
              .flatMap(n -> Arrays.stream(n.value()))
              .filter(p -> find(p).isEmpty())
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
  }

  /** Where a program is, looking where daemons live as well; empty when it is not installed. */
  static String find(String program) {
    String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin:/usr/bin";
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .map(folder -> new File(folder, program))
        .filter(File::canExecute)
        .map(File::getPath)
        .findFirst()
        .orElse("");
  }
}
