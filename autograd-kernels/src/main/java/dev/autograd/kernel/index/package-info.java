/// Copies, conversions and indexed reads and writes.
@NullMarked
package dev.autograd.kernel.index;

import org.jspecify.annotations.NullMarked;
