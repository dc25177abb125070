/// Convolutions of images.
@NullMarked
package dev.autograd.kernel.conv;

import org.jspecify.annotations.NullMarked;
