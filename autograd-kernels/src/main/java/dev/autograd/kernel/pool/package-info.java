/// Pooling of images.
@NullMarked
package dev.autograd.kernel.pool;

import org.jspecify.annotations.NullMarked;
