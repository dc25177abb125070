/// What the operators of the default ONNX domain look like at each opset.
@NullMarked
package dev.autograd.onnx.schema;

import org.jspecify.annotations.NullMarked;
