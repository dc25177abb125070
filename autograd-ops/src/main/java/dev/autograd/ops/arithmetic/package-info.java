/// Element-by-element arithmetic, rounding and limits, as formulas.
@NullMarked
package dev.autograd.ops.arithmetic;

import org.jspecify.annotations.NullMarked;
