/// Operations with one mistake each, and right ones beside them: what the checker is checked with.
@NullMarked
package dev.autograd.gradcheck.planted;

import org.jspecify.annotations.NullMarked;
