/// Operations that are formulas over elements: the family interface, and what follows from a
/// formula.
///
/// The formulas themselves are in the packages of their kinds: `arithmetic`, `elementary`,
/// `trigonometry`, `comparison`, `activation`.
@NullMarked
package dev.autograd.ops.pointwise;

import org.jspecify.annotations.NullMarked;
