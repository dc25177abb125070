/// Single operations, one class for each family, and what the machine would allow them at most.
///
/// An operation counts its arithmetic as a textbook does: a multiplication and an addition are two,
/// a function such as exp is one. Its bytes are those that must be read and written at least, each
/// once.
@NullMarked
package dev.autograd.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
