package dev.autograd.onnx.eval;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.model.OnnxNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A node with the values of its inputs.
record NodeCall(OnnxNode node, List<@Nullable Tensor> inputs) {
  boolean has(int i) {
    return i < inputs.size() && inputs.get(i) != null;
  }

  Tensor in(int i) {
    Tensor value = orNull(i);
    if (value == null) {
      throw refuse("input " + i + " is required");
    }
    return value;
  }

  @Nullable Tensor orNull(int i) {
    return i < inputs.size() ? inputs.get(i) : null;
  }

  int attribute(String name, int otherwise) {
    return (int) node.intOr(name, otherwise);
  }

  boolean flag(String name, boolean otherwise) {
    return node.intOr(name, otherwise ? 1 : 0) != 0;
  }

  /// The list in an input or, as older opsets have it, in an attribute.
  long[] longs(int input, String attribute, long... otherwise) {
    Tensor given = orNull(input);
    return given != null ? given.toLongArray() : node.intsOr(attribute, otherwise);
  }

  int[] ints(int input, String attribute) {
    return narrow(longs(input, attribute));
  }

  int[] intAttribute(String name, long... otherwise) {
    return narrow(node.intsOr(name, otherwise));
  }

  void require(String attribute, long only) {
    if (node.intOr(attribute, only) != only) {
      throw refuse("only " + attribute + " = " + only + " is evaluated");
    }
  }

  OnnxModelException refuse(String why) {
    return new OnnxModelException(node.describe() + ": " + why);
  }

  /// Makes a vector of i64, also an empty one.
  static Tensor vector(long... values) {
    return Tensor.of(Storage.of(values, DType.I64), Shape.of(values.length));
  }

  static int[] narrow(long... values) {
    int[] ints = new int[values.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = Math.clamp(values[i], Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    return ints;
  }
}
