/// Operations that give elements another shape, order or element type, join them or cut them apart.
@NullMarked
package dev.autograd.ops.shape;

import org.jspecify.annotations.NullMarked;
