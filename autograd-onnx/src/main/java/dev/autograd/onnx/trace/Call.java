package dev.autograd.onnx.trace;

import dev.autograd.Operation;
import dev.autograd.Tensor;
import java.util.List;

/// One application of an operation while a model ran.
///
/// @param source the line of the program that applied it
record Call(Operation operation, List<Tensor> inputs, List<Tensor> outputs, String source) {}
