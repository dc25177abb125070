/// Convolutions and pools over images.
@NullMarked
package dev.autograd.ops.conv;

import org.jspecify.annotations.NullMarked;
