/// The property suite: laws that hold for every shape and every graph, tried on random ones.
///
/// The one package that knows jqwik. Seeds are fixed; a failure prints its seed, and the smallest
/// sample that still fails.
@NullMarked
package dev.autograd.gradcheck.property;

import org.jspecify.annotations.NullMarked;
