/// Moves elements between tensors: what operations share below the level of graphs.
@NullMarked
package dev.autograd.ops.memory;

import org.jspecify.annotations.NullMarked;
