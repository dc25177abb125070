/// What the training tools share: errors about the user's input, places in files, suggestions.
@NullMarked
package dev.autograd.train;

import org.jspecify.annotations.NullMarked;
