package dev.autograd;

import org.jspecify.annotations.Nullable;

/// Writes a value into a window of a whole, in place: what a write through a view means for the
/// base.
///
/// See Note [Views and writes] in [InPlace].
record CopySlices(Window window) implements Function {

  /// Sets the elements of a window to zero; its own transpose.
  record Cleared(Window window) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return window.clearedCopyOf(in[0]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {new Cleared(window).apply(g)};
    }
  }

  @Override
  public String nodeName() {
    return "CopySlices";
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    ctx.markDirty(in[0]);
    Tensor.operations().copyInto(in[1], window.in(in[0]));
    return in[0];
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {
      ctx.needs(0) ? new Cleared(window).apply(g) : null,
      ctx.needs(1) ? new AsStrided(window).apply(g) : null
    };
  }
}
