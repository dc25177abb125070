/// Datasets in plain arrays: readers, encodings, splits and the order of mini-batches.
@NullMarked
package dev.autograd.train.data;

import org.jspecify.annotations.NullMarked;
