/// Tensors, functions, the graph and the backward engine.
@NullMarked
package dev.autograd;

import org.jspecify.annotations.NullMarked;
