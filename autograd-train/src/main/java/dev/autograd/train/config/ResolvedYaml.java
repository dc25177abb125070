package dev.autograd.train.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes a checked configuration as YAML from which the same one is read again.
final class ResolvedYaml {
  private static final int COMMENT_COLUMN = 32;
  // Plain texts that the core schema cannot take for something else.
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*");
  private static final List<String> WORDS = List.of("null", "true", "false", "nan", "inf");

  private final StringBuilder text = new StringBuilder();
  private final BiFunction<String, ConfigKey, String> comment;

  private ResolvedYaml(BiFunction<String, ConfigKey, String> comment) {
    this.comment = comment;
  }

  /// Writes all keys, each followed by a comment made from its full name.
  static String write(
      List<ConfigKey> keys, Settings settings, BiFunction<String, ConfigKey, String> comment) {
    ResolvedYaml yaml = new ResolvedYaml(comment);
    yaml.section(keys, settings, "", "");
    return yaml.text.toString();
  }

  /// Writes a piece of free YAML.
  static String text(YamlNode node) {
    ResolvedYaml yaml = new ResolvedYaml((path, key) -> "");
    yaml.node(node instanceof YamlNode.Scalar ? ModelSpec.expand(node) : node, "");
    return yaml.text.toString();
  }

  private void section(List<ConfigKey> keys, Settings settings, String prefix, String indent) {
    for (ConfigKey key : keys) {
      String path = prefix + key.name();
      Object value = settings.raw(key.name());
      String head = indent + key.name() + ":";
      String below = indent + "  ";
      if (value instanceof Settings s && key.rule() instanceof Rule.Choice choice) {
        line(head, comment.apply(path, key));
        String type = s.type();
        ConfigKey tag = ConfigKey.required("type", choice, choice.expected());
        line(below + "type: " + quoted(type), comment.apply(path + ".type", tag));
        section(choice.keysOf(type), s, path + ".", below);
      } else if (value instanceof Settings s && key.rule() instanceof Rule.Section rule) {
        line(head, comment.apply(path, key));
        section(rule.keys(), s, path + ".", below);
      } else if (value instanceof YamlNode node) {
        line(head, comment.apply(path, key));
        // A mapping was expanded when it was merged.
        node(node instanceof YamlNode.Scalar ? ModelSpec.expand(node) : node, below);
      } else {
        line(head + " " + scalar(value), comment.apply(path, key));
      }
    }
  }

  private void line(String content, String remark) {
    text.append(content);
    if (!remark.isEmpty()) {
      text.repeat(' ', Math.max(1, COMMENT_COLUMN - content.length()))
          .append("# ")
          .append(remark.replaceAll("\\R", " "));
    }
    text.append('\n');
  }

  /// Writes a piece of free YAML in block style; the reader bounds its depth.
  private void node(YamlNode node, String indent) {
    switch (node) {
      case YamlNode.Scalar s -> text.append(indent).append(free(s)).append('\n');
      case YamlNode.Sequence s when s.items().isEmpty() -> text.append(indent).append("[]\n");
      case YamlNode.Mapping m when m.fields().isEmpty() -> text.append(indent).append("{}\n");
      case YamlNode.Sequence s -> {
        for (YamlNode item : s.items()) {
          entry(indent + "-", item, indent);
        }
      }
      case YamlNode.Mapping m -> {
        for (Map.Entry<String, YamlNode.Field> field : m.fields().entrySet()) {
          entry(indent + quoted(field.getKey()) + ":", field.getValue().value(), indent);
        }
      }
    }
  }

  private void entry(String head, YamlNode value, String indent) {
    text.append(head);
    if (value instanceof YamlNode.Scalar s) {
      text.append(' ').append(free(s)).append('\n');
    } else if (value instanceof YamlNode.Sequence s
        && s.items().stream().allMatch(YamlNode.Scalar.class::isInstance)) {
      text.append(" [");
      for (int i = 0; i < s.items().size(); i++) {
        text.append(i == 0 ? "" : ", ").append(free((YamlNode.Scalar) s.items().get(i)));
      }
      text.append("]\n");
    } else {
      text.append('\n');
      node(value, indent + "  ");
    }
  }

  private static String free(YamlNode.Scalar s) {
    return s.value() instanceof String text ? quoted(text) : s.value() == null ? "null" : s.text();
  }

  private static String scalar(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String s -> quoted(s);
      case Duration d -> d.toMillis() / 1000.0 + "s";
      case List<?> list -> {
        StringBuilder items = new StringBuilder("[");
        for (Object item : list) {
          items.append(items.length() == 1 ? "" : ", ").append(scalar(item));
        }
        yield items.append(']').toString();
      }
      default -> value.toString();
    };
  }

  static String quoted(String text) {
    if (PLAIN.matcher(text).matches() && WORDS.stream().noneMatch(text::equalsIgnoreCase)) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
