/// The configuration of a training run: strict YAML in, checked records out.
@NullMarked
package dev.autograd.train.config;

import org.jspecify.annotations.NullMarked;
