/// The fluent methods of a tensor, by family; each delegates to the installed operations.
@NullMarked
package dev.autograd.method;

import org.jspecify.annotations.NullMarked;
