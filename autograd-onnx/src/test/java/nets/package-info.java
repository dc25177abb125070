/// Models as users write them, outside the packages of the library.
@NullMarked
package nets;

import org.jspecify.annotations.NullMarked;
