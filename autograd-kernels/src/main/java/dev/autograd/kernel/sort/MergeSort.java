package dev.autograd.kernel.sort;

/// A stable sort of the positions of 64-bit keys, from short runs upward.
final class MergeSort {
  private static final int RUN = 16;

  private final long[] keys;
  private int[] order;
  private int[] spare;

  MergeSort(int n) {
    keys = new long[n];
    order = new int[n];
    spare = new int[n];
  }

  void key(int i, long key) {
    keys[i] = key;
  }

  /// Returns the positions in ascending order of their keys; valid until the next call.
  int[] order() {
    int n = keys.length;
    for (int start = 0; start < n; start += RUN) {
      int end = Math.min(n, start + RUN);
      for (int i = start; i < end; i++) {
        int j = i;
        for (; j > start && keys[order[j - 1]] > keys[i]; j--) {
          order[j] = order[j - 1];
        }
        order[j] = i;
      }
    }
    for (int width = RUN; width < n; width *= 2) {
      for (int start = 0; start < n; start += 2 * width) {
        merge(start, Math.min(n, start + width), Math.min(n, start + 2 * width));
      }
      int[] t = order;
      order = spare;
      spare = t;
    }
    return order;
  }

  private void merge(int start, int middle, int end) {
    int a = start;
    int b = middle;
    for (int i = start; i < end; i++) {
      boolean left = b >= end || (a < middle && keys[order[a]] <= keys[order[b]]);
      spare[i] = order[left ? a++ : b++];
    }
  }
}
