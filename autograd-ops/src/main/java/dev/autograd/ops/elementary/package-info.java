/// Powers, roots, exponentials, logarithms and error functions, as formulas.
@NullMarked
package dev.autograd.ops.elementary;

import org.jspecify.annotations.NullMarked;
