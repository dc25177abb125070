/// Elementary functions made of IEEE operations and explicit `fma` only, so that the scalar forms
/// here and the vector forms in [dev.autograd.kernel.math.vector] give equal bits on every machine.
///
/// Special values follow C99, Annex F; the payload and sign of a NaN are not specified. Floats are
/// within 2 ulp, doubles within 4 ulp.
@NullMarked
package dev.autograd.kernel.math;

import org.jspecify.annotations.NullMarked;
