/// Activation functions, as formulas.
@NullMarked
package dev.autograd.ops.activation;

import org.jspecify.annotations.NullMarked;
