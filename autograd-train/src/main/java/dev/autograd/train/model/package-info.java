/// Models: made from a specification, a list of layers, or a Java source file.
@NullMarked
package dev.autograd.train.model;

import org.jspecify.annotations.NullMarked;
