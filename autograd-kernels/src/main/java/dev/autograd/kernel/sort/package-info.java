/// Sorting along an axis.
@NullMarked
package dev.autograd.kernel.sort;

import org.jspecify.annotations.NullMarked;
