package io.millrace.core.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads one YAML document into nodes with line numbers. Scalars stay text: what a key needs is
 * decided by the key, not by YAML's guesses.
 */
final class YamlReader {
  private static final Pattern MARK = Pattern.compile("(?m)^ in .*, line (\\d+), column");

  private final YAMLParser parser;
  private final Substitution substitution;
  private final ConfigErrors errors;

  private YamlReader(YAMLParser parser, Substitution substitution, ConfigErrors errors) {
    this.parser = parser;
    this.substitution = substitution;
    this.errors = errors;
  }

  /**
   * The document's root, an empty mapping where the text is empty; null where it is no YAML, which
   * is then the one error.
   */
  static YamlNode.Mapping read(String text, Substitution substitution, ConfigErrors errors) {
    YamlNode.Mapping empty = new YamlNode.Mapping("line 1", new LinkedHashMap<>());
    try (YAMLParser parser = new YAMLFactory().createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return empty;
      }
      YamlNode root = new YamlReader(parser, substitution, errors).node("", "line 1");
      if (parser.nextToken() != null) {
        errors.add("line " + line(parser) + ": a second YAML document begins; one is needed");
      }
      if (root instanceof YamlNode.Mapping mapping) {
        return mapping;
      }
      if (!(root instanceof YamlNode.Scalar scalar) || scalar.text() != null) {
        errors.add(root.origin() + ": sections such as kafka: and streams: are needed");
      }
      return empty;
    } catch (JacksonYAMLParseException e) {
      String message = e.getOriginalMessage();
      errors.add("line " + problemLine(message) + ": not valid YAML: " + reason(message));
      return null;
    } catch (IOException e) {
      errors.add("not valid YAML: " + e.getMessage());
      return null;
    }
  }

  /** Where the problem is: the last place named. The exception's own is where its token began. */
  private static String problemLine(String message) {
    Matcher marks = MARK.matcher(message);
    String line = "1";
    while (marks.find()) {
      line = marks.group(1);
    }
    return line;
  }

  /** What was read and what is wrong with it; not the excerpts, which are indented. */
  private static String reason(String message) {
    return message
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith(" "))
        .collect(Collectors.joining(": "));
  }

  private YamlNode node(String path, String origin) throws IOException {
    if (parser.isCurrentAlias()) {
      errors.add(origin, path, "YAML aliases are not supported; write the value out");
      return new YamlNode.Scalar(origin, null, false);
    }
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return mapping(path, origin);
    }
    if (token == JsonToken.START_ARRAY) {
      List<YamlNode> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(node(path + "[" + items.size() + "]", "line " + line(parser)));
      }
      return new YamlNode.Sequence(origin, items);
    }
    if (token == JsonToken.VALUE_NULL) {
      return new YamlNode.Scalar(origin, null, false);
    }
    return substitution.scalar(origin, path, parser.getText(), errors);
  }

  private YamlNode mapping(String path, String origin) throws IOException {
    LinkedHashMap<String, YamlNode> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      String keyOrigin = "line " + line(parser);
      parser.nextToken();
      String child = path.isEmpty() ? key : path + "." + key;
      YamlNode before = entries.put(key, node(child, keyOrigin));
      if (before != null) {
        errors.add(keyOrigin, child, "is given twice, first at " + before.origin());
      }
    }
    return new YamlNode.Mapping(origin, entries);
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }
}
