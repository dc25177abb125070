/// The contract of operations as JUnit tests, for authors of operations.
@NullMarked
package dev.autograd.gradcheck.junit;

import org.jspecify.annotations.NullMarked;
