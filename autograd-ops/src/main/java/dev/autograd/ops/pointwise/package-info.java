/// Element-by-element arithmetic: each operation is a formula, from which its kernel, derivatives and
/// ONNX form follow.
@NullMarked
package dev.autograd.ops.pointwise;

import org.jspecify.annotations.NullMarked;
