/// The commands, their options, and what they print.
@NullMarked
package dev.autograd.cli;

import org.jspecify.annotations.NullMarked;
