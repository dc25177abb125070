/// Attention without the matrix of its weights.
@NullMarked
package dev.autograd.kernel.attention;

import org.jspecify.annotations.NullMarked;
