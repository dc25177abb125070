/// Optimizers, learning-rate schedules and gradient clipping.
@NullMarked
package dev.autograd.optim;

import org.jspecify.annotations.NullMarked;
