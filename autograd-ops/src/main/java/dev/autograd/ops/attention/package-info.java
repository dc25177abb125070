/// Attention.
@NullMarked
package dev.autograd.ops.attention;

import org.jspecify.annotations.NullMarked;
