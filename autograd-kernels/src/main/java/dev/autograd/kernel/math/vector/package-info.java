/// The vector forms of [dev.autograd.kernel.math]: the same steps, lane by lane.
///
/// These classes need the module `jdk.incubator.vector`; nothing outside a vector loop refers to
/// them.
@NullMarked
package dev.autograd.kernel.math.vector;

import org.jspecify.annotations.NullMarked;
