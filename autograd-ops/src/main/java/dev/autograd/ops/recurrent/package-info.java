/// Recurrent networks over whole sequences.
@NullMarked
package dev.autograd.ops.recurrent;

import org.jspecify.annotations.NullMarked;
