/// Order statistics: medians and quantiles.
@NullMarked
package dev.autograd.ops.order;

import org.jspecify.annotations.NullMarked;
