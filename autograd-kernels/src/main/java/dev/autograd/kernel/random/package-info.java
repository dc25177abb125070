/// Counter-based random numbers.
@NullMarked
package dev.autograd.kernel.random;

import org.jspecify.annotations.NullMarked;
