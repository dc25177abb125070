/// Losses: how far a prediction is from its target.
@NullMarked
package dev.autograd.ops.loss;

import org.jspecify.annotations.NullMarked;
