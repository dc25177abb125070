/// Softmax and normalisation layers.
@NullMarked
package dev.autograd.kernel.norm;

import org.jspecify.annotations.NullMarked;
