/// Functions with a name of their own that are not elementary.
@NullMarked
package dev.autograd.ops.special;

import org.jspecify.annotations.NullMarked;
