/// What belongs to all benchmarks: whether they have become slower.
@NullMarked
package dev.autograd.benchmarks;

import org.jspecify.annotations.NullMarked;
