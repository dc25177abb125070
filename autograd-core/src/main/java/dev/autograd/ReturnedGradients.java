package dev.autograd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gradients that a function's backward returned, before anybody else sees them.
final class ReturnedGradients {
  private ReturnedGradients() {}

  /// Holds the gradients against the inputs: count, shape, type. See behaviours E05-E08.
  static @Nullable Tensor[] checked(FunctionNode node, @Nullable Tensor @Nullable [] grads) {
    int n = node.inputCount();
    if (grads == null) {
      throw new FunctionContractException(
          ErrorKind.BAD_GRAD_COUNT,
          node.operation().name(),
          "backward returned null instead of an array of " + n + " gradients");
    }
    for (int i = n; i < grads.length; i++) {
      if (grads[i] != null) {
        throw badCount(node, grads.length);
      }
    }
    if (grads.length < n) {
      throw badCount(node, grads.length);
    }
    for (int i = 0; i < n; i++) {
      Tensor grad = grads[i];
      if (grad != null && node.needs(i)) {
        grads[i] = fitting(node, i, grad);
      }
    }
    return grads;
  }

  /// Returns the gradient in the shape and type of the input.
  private static Tensor fitting(FunctionNode node, int index, Tensor grad) {
    Slot input = node.input(index);
    Shape want = input.shape();
    Tensor summed = grad;
    if (!grad.shape().equals(want)) {
      if (!want.broadcastsTo(grad.shape())) {
        throw new FunctionContractException(
            ErrorKind.BAD_GRAD_SHAPE,
            node.operation().name(),
            "backward returned a gradient of shape "
                + grad.shape()
                + " for input "
                + index
                + ", which has shape "
                + want);
      }
      summed = Tensor.operations().sumTo(grad, want);
    }
    return input.node() instanceof AccumulateGrad leaf
        ? leaf.cast(summed)
        : summed.to(input.dtype());
  }

  private static FunctionContractException badCount(FunctionNode node, int got) {
    return new FunctionContractException(
        ErrorKind.BAD_GRAD_COUNT,
        node.operation().name(),
        "backward must return one gradient for each input (null where there is none), expected "
            + node.inputCount()
            + ", got "
            + got);
  }

  /// Makes sure that no derivative is taken of gradients that were not recorded. See Note
  /// [Derivatives that are not there] in [Undifferentiable].
  ///
  /// @param g what backward was given
  static @Nullable Tensor[] ending(
      FunctionNode node, @Nullable Tensor[] grads, @Nullable Tensor... g) {
    List<Slot> ends = new ArrayList<>();
    for (Tensor seed : g) {
      if (seed != null && seed.requiresGrad()) {
        ends.add(seed.gradientSlot());
      }
    }
    SavedValues saved = node.sharedSaved();
    for (int i = 0; i < saved.count(); i++) {
      Edge edge = saved.at(i).edge();
      if (edge != null) {
        ends.add(edge.node().slot(edge.outputNr()));
      }
    }
    @Nullable Tensor[] ended = grads.clone();
    for (int i = 0; i < ended.length && !ends.isEmpty(); i++) {
      Tensor grad = ended[i];
      if (grad != null) {
        FunctionNode end = new FunctionNode(Undifferentiable.again(node.operation()), ends);
        ended[i] = Recording.link(end, new Tensor[0], grad.detach())[0];
      }
    }
    return ended;
  }
}
