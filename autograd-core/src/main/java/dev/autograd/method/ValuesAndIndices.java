package dev.autograd.method;

import dev.autograd.Tensor;

/// The result of a reduction that tells where it found its values.
///
/// @param values the values
/// @param indices where they stood along the reduced dimension, `i64`; the first index on ties
public record ValuesAndIndices(Tensor values, Tensor indices) {}
