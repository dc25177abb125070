/// Between the model's values and the format's protobuf messages.
@NullMarked
package dev.autograd.onnx.wire;

import org.jspecify.annotations.NullMarked;
