/// Named arrays on disk in the safetensors format.
@NullMarked
package dev.autograd.train.checkpoint;

import org.jspecify.annotations.NullMarked;
