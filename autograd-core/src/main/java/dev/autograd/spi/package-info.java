/// What authors of operations and of tools write against: providers, samples, ONNX forms,
/// interceptors of the doorway.
@NullMarked
package dev.autograd.spi;

import org.jspecify.annotations.NullMarked;
