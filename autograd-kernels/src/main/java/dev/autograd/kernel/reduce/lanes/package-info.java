/// Row primitives with a fixed number of virtual lanes, shared by reductions and normalisations.
@NullMarked
package dev.autograd.kernel.reduce.lanes;

import org.jspecify.annotations.NullMarked;
