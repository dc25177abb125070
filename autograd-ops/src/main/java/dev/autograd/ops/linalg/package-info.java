/// Products of matrices and vectors.
@NullMarked
package dev.autograd.ops.linalg;

import org.jspecify.annotations.NullMarked;
