package dev.autograd.onnx.model;

import java.util.List;

/// Thrown where a model, or a call that builds one, breaks a rule of ONNX.
public final class OnnxModelException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /// Makes an exception of one problem.
  public OnnxModelException(String problem) {
    super(problem);
    this.problems = List.of(problem);
  }

  /// Makes an exception of several problems, found together.
  public OnnxModelException(String what, List<String> problems) {
    super(what + " (" + problems.size() + "):\n  " + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  /// Returns every problem, in the order found.
  public List<String> problems() {
    return problems;
  }
}
