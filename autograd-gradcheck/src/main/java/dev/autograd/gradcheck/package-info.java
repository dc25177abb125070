/// The gradient checker: every rule of calculus that an operation claims, tried on numbers.
@NullMarked
package dev.autograd.gradcheck;

import org.jspecify.annotations.NullMarked;
