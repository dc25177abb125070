package dev.autograd.train.config;

import org.jspecify.annotations.Nullable;

/// A key of a section.
///
/// @param fallback what holds when the key is missing, in YAML; null when the key is required. The
///   fallback `null` makes the value optional.
/// @param alias another name that is understood
/// @param doc what it does, in a few words
public record ConfigKey(
    String name, Rule rule, @Nullable String fallback, @Nullable String alias, String doc) {
  static ConfigKey of(String name, Rule rule, String fallback, String doc) {
    return new ConfigKey(name, rule, fallback, null, doc);
  }

  static ConfigKey required(String name, Rule rule, String doc) {
    return new ConfigKey(name, rule, null, null, doc);
  }

  ConfigKey orAlso(String otherName) {
    return new ConfigKey(name, rule, fallback, otherName, doc);
  }

  boolean optional() {
    return "null".equals(fallback);
  }
}
