/// Layers, made of tensors and operations; a model is a layer too.
@NullMarked
package dev.autograd.nn;

import org.jspecify.annotations.NullMarked;
