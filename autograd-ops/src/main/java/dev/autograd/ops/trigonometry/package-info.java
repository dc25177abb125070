/// Circular and hyperbolic functions and their inverses, as formulas.
@NullMarked
package dev.autograd.ops.trigonometry;

import org.jspecify.annotations.NullMarked;
