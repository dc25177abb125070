/// Operations that train with noise.
@NullMarked
package dev.autograd.ops.regularization;

import org.jspecify.annotations.NullMarked;
