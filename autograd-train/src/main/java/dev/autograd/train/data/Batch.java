package dev.autograd.train.data;

/// Some samples copied together.
///
/// @param index number of the batch in its epoch, from 0
/// @param rows which samples of the dataset they are
/// @param features `[rows.length, sampleShape...]`, row-major
/// @param shape the shape of `features`, the batch axis first
/// @param targets what the model should answer, in the same order
@SuppressWarnings("ArrayRecordComponent") // plain arrays are the interface; equality is not used
public record Batch(int index, int[] rows, float[] features, int[] shape, Targets targets) {
  /// Returns how many samples there are.
  public int size() {
    return rows.length;
  }
}
