/// Reductions and scans over any set of axes.
@NullMarked
package dev.autograd.kernel.reduce;

import org.jspecify.annotations.NullMarked;
