/// Running ONNX models on this library's own operations.
@NullMarked
package dev.autograd.onnx.eval;

import org.jspecify.annotations.NullMarked;
