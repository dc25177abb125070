/// Writes into tensors that leave no history: random numbers, constants, copies.
@NullMarked
package dev.autograd.ops.random;

import org.jspecify.annotations.NullMarked;
