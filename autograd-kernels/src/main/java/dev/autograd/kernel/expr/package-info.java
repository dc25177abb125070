/// Pointwise formulas: written once, differentiated symbolically, compiled to loops.
@NullMarked
package dev.autograd.kernel.expr;

import org.jspecify.annotations.NullMarked;
