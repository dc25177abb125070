/// Operations that fold dimensions away, and running sums.
@NullMarked
package dev.autograd.ops.reduction;

import org.jspecify.annotations.NullMarked;
