/// Where time and memory go: events of operations, backward nodes and the user's own ranges.
@NullMarked
package dev.autograd.profile;

import org.jspecify.annotations.NullMarked;
