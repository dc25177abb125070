/// JSON trees with errors that name the file and the place.
@NullMarked
package dev.autograd.train.json;

import org.jspecify.annotations.NullMarked;
