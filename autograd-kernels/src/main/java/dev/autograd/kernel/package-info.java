/// What every kernel shares: the element types and the live vector shape.
@NullMarked
package dev.autograd.kernel;

import org.jspecify.annotations.NullMarked;
