/// Measures of a model's answers, and their history.
@NullMarked
package dev.autograd.train.metrics;

import org.jspecify.annotations.NullMarked;
