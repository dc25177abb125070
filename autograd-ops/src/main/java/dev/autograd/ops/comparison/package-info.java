/// Comparisons, logic and selection, element by element.
@NullMarked
package dev.autograd.ops.comparison;

import org.jspecify.annotations.NullMarked;
