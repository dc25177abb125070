package dev.autograd;

import java.util.Arrays;
import java.util.Comparator;

/// Refuses in-place writes that would corrupt a graph. See Note [Views and writes] in [InPlace].
final class WriteChecks {
  private WriteChecks() {}

  /// Refuses an in-place write that would corrupt a graph.
  static void check(Tensor x, String name) {
    int[] strides = x.sharedStrides();
    Tensor base = x.base();
    for (int i = 0; i < strides.length; i++) {
      if (strides[i] == 0 && x.shape().sizeAt(i) > 1) {
        throw new AutogradException(
            ErrorKind.OVERLAPPING_WRITE,
            name
                + ": several elements of this tensor of shape "
                + x.shape()
                + " share one place in memory (it was expanded). Clone it first.");
      }
    }
    if (x.isInference() && !GradMode.isInferenceMode()) {
      throw new AutogradException(
          ErrorKind.INFERENCE_INPLACE,
          name
              + ": a tensor that was made in inference mode cannot be written in place outside of"
              + " it. Clone it first, or write inside GradMode.inferenceMode().");
    }
    if (!GradMode.isEnabled()) {
      return;
    }
    if (base != null && base.requiresGrad()) {
      checkRecordable(x, name, base);
    }
    if (x.requiresGrad() && x.isLeaf()) {
      throw new AutogradException(
          ErrorKind.LEAF_INPLACE,
          name
              + ": a leaf that requires grad cannot be written in place while gradients are"
              + " recorded. Write inside GradMode.noGrad(), or use the out-of-place operation.");
    }
    if (base != null && base.requiresGrad() && base.isLeaf()) {
      throw new AutogradException(
          ErrorKind.VIEW_OF_LEAF_INPLACE,
          name
              + ": a view of a leaf that requires grad cannot be written in place while gradients"
              + " are recorded. Write inside GradMode.noGrad(), or clone the view first.");
    }
  }

  /// Refuses an in-place write through view `x` that cannot be recorded in its base.
  static void checkRecordable(Tensor x, String name, Tensor base) {
    if (x.isApart()) {
      throw new AutogradException(
          ErrorKind.NOGRAD_VIEW_INPLACE,
          name
              + ": this view was made inside GradMode.noGrad() or inference mode, so that a write"
              + " through it cannot be recorded in its base. Make the view where gradients are"
              + " recorded, or write inside GradMode.noGrad().");
    }
    if (x.isOneOfSeveral()) {
      throw new AutogradException(
          ErrorKind.MULTI_VIEW_INPLACE,
          name
              + ": this view comes from an operation that returns several views, such as split,"
              + " chunk or unbind, and cannot be written in place while gradients are recorded."
              + " Take it by narrow, select or slice instead, or clone it first.");
    }
    if (x.isCustomView()) {
      throw new AutogradException(
          ErrorKind.CUSTOM_VIEW_INPLACE,
          name
              + ": this view comes from a custom function, whose backward does not say what a write"
              + " means for the function's input. Clone it first; the author of a function that"
              + " returns nothing but views can declare plainViews().");
    }
    if (!hasDistinctElements(base)) {
      throw new AutogradException(
          ErrorKind.OVERLAPPING_WRITE,
          name
              + ": several elements of the base of this view, of shape "
              + base.shape()
              + ", share one place in memory (it was expanded). Clone the base first.");
    }
  }

  /// Tells whether every element has a place of its own; may deny it for odd strides.
  static boolean hasDistinctElements(Tensor x) {
    if (x.isContiguous()) {
      return true;
    }
    int[] strides = x.sharedStrides();
    Integer[] order = new Integer[strides.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt(i -> strides[i]));
    int reach = 0;
    for (int i : order) {
      int size = x.shape().sizeAt(i);
      if (size > 1) {
        if (strides[i] <= reach) {
          return false;
        }
        reach += (size - 1) * strides[i];
      }
    }
    return true;
  }
}
