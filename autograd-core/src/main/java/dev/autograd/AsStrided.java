package dev.autograd;

/// Takes the elements of a window out of a whole: the history of a view whose base was written.
///
/// See Note [Views and writes] in [InPlace].
record AsStrided(Window window) implements Function {

  /// Puts the elements of a window into zeros: the transpose.
  record Placed(Window window, Shape whole) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return window.placed(in[0], whole);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {new AsStrided(window).apply(g)};
    }
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    return window.copyFrom(in[0]);
  }

  @Override
  public Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {new Placed(window, ctx.inputShape(0)).apply(g)};
  }
}
