/// The operation library as a whole: what registers it and what backs the fluent methods.
@NullMarked
package dev.autograd.ops;

import org.jspecify.annotations.NullMarked;
