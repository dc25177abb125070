package dev.autograd.functional;

import dev.autograd.Vmap.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How [Functional#vmap] maps a function.
///
/// @param inDims for each argument the dimension along which its samples are, `null` for an
///   argument that all samples share; empty for 0 everywhere
/// @param outDims for each result the dimension its samples are put along; empty for 0 everywhere
/// @param randomness what random operations do
/// @param chunkSize how many samples are computed at a time; 0 for all
public record VmapOptions(
    List<@Nullable Integer> inDims, List<Integer> outDims, Randomness randomness, int chunkSize) {
  private static final VmapOptions DEFAULTS =
      new VmapOptions(List.of(), List.of(), Randomness.ERROR, 0);

  /// Copies the lists.
  public VmapOptions {
    inDims = Collections.unmodifiableList(new ArrayList<@Nullable Integer>(inDims));
    outDims = List.copyOf(outDims);
  }

  /// Maps all arguments and results along their first dimension, all samples at once, and takes
  /// random operations for mistakes.
  public static VmapOptions defaults() {
    return DEFAULTS;
  }

  /// Maps the arguments along these dimensions; `null` for one that all samples share.
  public static VmapOptions inDims(@Nullable Integer... dims) {
    return new VmapOptions(Arrays.asList(dims), List.of(), Randomness.ERROR, 0);
  }

  /// Returns these options with the samples of the results along `dims`.
  public VmapOptions outDims(Integer... dims) {
    return new VmapOptions(inDims, List.of(dims), randomness, chunkSize);
  }

  /// Returns these options with a choice for random operations.
  public VmapOptions randomness(Randomness choice) {
    return new VmapOptions(inDims, outDims, choice, chunkSize);
  }

  /// Returns these options with `size` samples computed at a time, which bounds the memory.
  public VmapOptions chunkSize(int size) {
    return new VmapOptions(inDims, outDims, randomness, size);
  }
}
