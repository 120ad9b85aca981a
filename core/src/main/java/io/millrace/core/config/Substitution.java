package io.millrace.core.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts secrets in the place of {@code ${env:NAME}} and {@code ${file:/path}}.
 *
 * @param environment a variable's value by its name, null where it is not set
 * @param directory relative files are meant from here
 */
record Substitution(UnaryOperator<String> environment, Path directory) {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}:]*):?([^}]*)}");

  private static final Set<String> KINDS = Set.of("env", "file");

  /** Spark and Hadoop expand variables of their own. */
  private static final Pattern HAS_OWN_VARIABLES = Pattern.compile("^(spark|hadoop)\\.");

  /** The scalar; without text where something is missing, which is then told already. */
  YamlNode.Scalar scalar(String origin, String path, String text, ConfigErrors errors) {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder result = new StringBuilder();
    boolean secret = false;
    while (matcher.find()) {
      if (!KINDS.contains(matcher.group(1)) && HAS_OWN_VARIABLES.matcher(path).find()) {
        matcher.appendReplacement(result, Matcher.quoteReplacement(matcher.group()));
        continue;
      }
      secret = true;
      String value = value(origin, path, matcher, errors);
      if (value == null) {
        return new YamlNode.Scalar(origin, null, true);
      }
      matcher.appendReplacement(result, Matcher.quoteReplacement(value));
    }
    matcher.appendTail(result);
    return new YamlNode.Scalar(origin, result.toString(), secret);
  }

  private String value(String origin, String path, Matcher matcher, ConfigErrors errors) {
    String name = matcher.group(2);
    switch (matcher.group(1)) {
      case "env" -> {
        String value = environment.apply(name);
        if (value != null) {
          return value;
        }
        errors.add(origin, path, "the environment variable " + name + " is not set");
      }
      case "file" -> {
        Path file = directory.resolve(name);
        try {
          return Files.readString(file).stripTrailing();
        } catch (IOException e) {
          errors.add(origin, path, "the file " + file + " can't be read (" + reason(e) + ")");
        }
      }
      default ->
          errors.add(
              origin, path, "has " + matcher.group() + ", needed: ${env:NAME} or ${file:/path}");
    }
    return null;
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? "it does not exist"
        : e.getClass().getSimpleName();
  }
}
