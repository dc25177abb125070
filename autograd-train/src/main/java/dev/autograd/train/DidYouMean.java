package dev.autograd.train;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Finds the word the user probably meant.
public final class DidYouMean {
  private DidYouMean() {}

  /// Returns the candidate nearest to the word, if at most a third of its letters differ.
  ///
  /// Case, `-`, `_` and `.` between words do not count: `batch_size` finds `batchSize`. Of equally
  /// near candidates the first in order wins.
  public static Optional<String> nearest(String word, Collection<String> candidates) {
    String asked = plain(word);
    int limit = Math.max(1, asked.length() / 3);
    int bestDistance = limit + 1;
    String best = null;
    for (String candidate : candidates) {
      String other = plain(candidate);
      int distance = distance(asked, other);
      // A word of which no letter is left is no hint.
      if (distance < bestDistance && distance < Math.max(asked.length(), other.length())) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
  }

  /// Counts the insertions, deletions, replacements and swaps of neighbours from `a` to `b`.
  ///
  /// The unrestricted Damerau-Levenshtein distance (Lowrance and Wagner, "An Extension of the
  /// String-to-String Correction Problem", J. ACM 22(2), 1975).
  public static int distance(String a, String b) {
    int most = a.length() + b.length();
    int[][] d = new int[a.length() + 2][b.length() + 2];
    Map<Character, Integer> lastRow = new HashMap<>();
    Arrays.fill(d[0], most);
    for (int i = 0; i <= a.length(); i++) {
      d[i + 1][0] = most;
      d[i + 1][1] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[1][j + 1] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int lastColumn = 0;
      for (int j = 1; j <= b.length(); j++) {
        int i1 = lastRow.getOrDefault(b.charAt(j - 1), 0);
        int j1 = lastColumn;
        int cost = 1;
        if (a.charAt(i - 1) == b.charAt(j - 1)) {
          cost = 0;
          lastColumn = j;
        }
        int edit = Math.min(d[i][j] + cost, Math.min(d[i + 1][j], d[i][j + 1]) + 1);
        int swap = d[i1][j1] + (i - i1 - 1) + 1 + (j - j1 - 1);
        d[i + 1][j + 1] = Math.min(edit, swap);
      }
      lastRow.put(a.charAt(i - 1), i);
    }
    return d[a.length() + 1][b.length() + 1];
  }
}
