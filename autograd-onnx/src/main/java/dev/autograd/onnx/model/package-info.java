/// ONNX models as immutable values, and their files.
@NullMarked
package dev.autograd.onnx.model;

import org.jspecify.annotations.NullMarked;
