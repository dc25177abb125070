/// Matrix products.
@NullMarked
package dev.autograd.kernel.linalg;

import org.jspecify.annotations.NullMarked;
