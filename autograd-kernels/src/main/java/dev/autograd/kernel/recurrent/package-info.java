/// Recurrences over time.
@NullMarked
package dev.autograd.kernel.recurrent;

import org.jspecify.annotations.NullMarked;
