/// Operations that pick elements by index or mask, and that write them back.
@NullMarked
package dev.autograd.ops.index;

import org.jspecify.annotations.NullMarked;
