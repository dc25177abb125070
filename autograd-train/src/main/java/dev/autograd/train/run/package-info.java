/// The directory of a run, and files that are never half-written.
@NullMarked
package dev.autograd.train.run;

import org.jspecify.annotations.NullMarked;
