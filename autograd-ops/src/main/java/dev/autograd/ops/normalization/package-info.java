/// Softmax and normalisation layers.
@NullMarked
package dev.autograd.ops.normalization;

import org.jspecify.annotations.NullMarked;
