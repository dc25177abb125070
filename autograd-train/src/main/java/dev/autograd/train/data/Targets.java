package dev.autograd.train.data;

import java.util.List;

/// What a model should answer, one entry per sample.
public sealed interface Targets {
  /// Returns how many samples there are.
  int size();

  /// Picks the entries of some rows, in their order.
  Targets select(int[] rows);

  /// Class numbers from 0, with the classes' names.
  @SuppressWarnings("ArrayRecordComponent") // plain arrays are the interface; equality is not used
  record Classes(int[] ids, List<String> names) implements Targets {
    public Classes {
      names = List.copyOf(names);
    }

    @Override
    public int size() {
      return ids.length;
    }

    @Override
    public Classes select(int[] rows) {
      int[] picked = new int[rows.length];
      for (int i = 0; i < rows.length; i++) {
        picked[i] = ids[rows[i]];
      }
      return new Classes(picked, names);
    }
  }

  /// Real numbers, as they stand in the data (not standardised).
  @SuppressWarnings("ArrayRecordComponent") // plain arrays are the interface; equality is not used
  record Values(float[] values) implements Targets {
    @Override
    public int size() {
      return values.length;
    }

    @Override
    public Values select(int[] rows) {
      float[] picked = new float[rows.length];
      for (int i = 0; i < rows.length; i++) {
        picked[i] = values[rows[i]];
      }
      return new Values(picked);
    }
  }

  /// No targets: data to predict for.
  record Absent(int size) implements Targets {
    @Override
    public Absent select(int[] rows) {
      return new Absent(rows.length);
    }
  }
}
