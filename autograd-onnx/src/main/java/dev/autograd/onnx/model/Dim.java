package dev.autograd.onnx.model;

/// One dimension of a declared shape.
public sealed interface Dim {
  /// A size known in advance.
  record Fixed(long size) implements Dim {
    public Fixed {
      if (size < 0) {
        throw new OnnxModelException("a dimension must not be negative, got " + size);
      }
    }

    @Override
    public String toString() {
      return Long.toString(size);
    }
  }

  /// A size known by name: equal wherever the name is.
  record Named(String name) implements Dim {
    public Named {
      if (name.isEmpty()) {
        throw new OnnxModelException("a named dimension needs a name; use Dim.unknown()");
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /// A size of which nothing is known.
  record Unknown() implements Dim {
    @Override
    public String toString() {
      return "?";
    }
  }

  /// Returns a fixed dimension. `size` must not be negative.
  static Dim of(long size) {
    return new Fixed(size);
  }

  /// Returns a named dimension.
  static Dim named(String name) {
    return new Named(name);
  }

  /// Returns the unknown dimension.
  static Dim unknown() {
    return new Unknown();
  }
}
