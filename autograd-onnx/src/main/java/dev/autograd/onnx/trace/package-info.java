/// From a running model to ONNX nodes: recording, comparing recordings, writing them as a graph.
@NullMarked
package dev.autograd.onnx.trace;

import org.jspecify.annotations.NullMarked;
