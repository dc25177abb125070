/// The ONNX forms of operations, as judged by ONNX Runtime.
@NullMarked
package dev.autograd.onnx.forms;

import org.jspecify.annotations.NullMarked;
