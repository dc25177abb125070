/// What operations check of their operands, and small formulas in ONNX.
@NullMarked
package dev.autograd.ops.operand;

import org.jspecify.annotations.NullMarked;
