/// Building and checking ONNX graphs.
@NullMarked
package dev.autograd.onnx;

import org.jspecify.annotations.NullMarked;
