/// Differentiation of functions: what takes a function and returns its derivative.
@NullMarked
package dev.autograd.functional;

import org.jspecify.annotations.NullMarked;
