/// Derivatives by finite differences, and what they need: directions, steps, tensors moved a
/// little.
@NullMarked
package dev.autograd.gradcheck.difference;

import org.jspecify.annotations.NullMarked;
