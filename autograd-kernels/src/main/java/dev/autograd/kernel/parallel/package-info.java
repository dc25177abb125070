/// Splits kernel work over threads without letting the number of threads show in a result.
@NullMarked
package dev.autograd.kernel.parallel;

import org.jspecify.annotations.NullMarked;
