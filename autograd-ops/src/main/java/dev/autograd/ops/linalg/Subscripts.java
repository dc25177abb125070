package dev.autograd.ops.linalg;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Shape;
import dev.autograd.ops.operand.Operands;
import java.util.Arrays;
import java.util.stream.IntStream;

/// The subscripts of a sum over products, read from its equation for operands of certain shapes.
///
/// A label is a small number: a letter's, or that of a dimension that `...` stands for, which are
/// counted from the end.
///
/// @param operands the labels of the dimensions of each operand
/// @param result the labels of the dimensions of the result
/// @param sizes the size that goes with each label
record Subscripts(int[][] operands, int[] result, int[] sizes) {
  private static final int LETTERS = 52;
  private static final String ELLIPSIS = "...";

  /// Reads an equation.
  ///
  /// @throws AutogradException (`ARGUMENT`) if it cannot be read, (`SHAPE`) if the shapes do not
  ///   fit
  static Subscripts of(String equation, Shape... shapes) {
    String text = equation.replace(" ", "");
    int arrow = text.indexOf("->");
    String[] terms = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
    if (terms.length != shapes.length) {
      throw Operands.argument(
          "einsum: '"
              + equation
              + "' has subscripts for "
              + terms.length
              + " operands, got "
              + shapes.length);
    }
    int[][] operands = new int[terms.length][];
    for (int k = 0; k < terms.length; k++) {
      operands[k] =
          labels(equation, terms[k], Math.max(0, shapes[k].rank() - letters(terms[k]).length()));
      if (operands[k].length != shapes[k].rank()) {
        throw Operands.shape(
            "einsum: the subscripts '"
                + terms[k]
                + "' name "
                + operands[k].length
                + " dimensions, operand "
                + k
                + " has shape "
                + shapes[k]);
      }
    }
    int[] sizes = sizes(equation, operands, shapes);
    int dots = sizes.length - LETTERS;
    int[] result =
        arrow < 0 ? implied(operands, dots) : labels(equation, text.substring(arrow + 2), dots);
    requireResult(equation, result, sizes);
    return new Subscripts(operands, result, sizes);
  }

  private static String letters(String term) {
    int dots = term.indexOf(ELLIPSIS);
    return dots < 0 ? term : term.substring(0, dots) + term.substring(dots + ELLIPSIS.length());
  }

  /// Returns the labels of one term, in which `...` stands for `implied` dimensions.
  private static int[] labels(String equation, String term, int implied) {
    int dots = term.indexOf(ELLIPSIS);
    String letters = letters(term);
    int[] labels = new int[letters.length() + (dots < 0 ? 0 : implied)];
    int at = 0;
    for (int i = 0; i <= letters.length(); i++) {
      for (int d = implied - 1; i == dots && d >= 0; d--) {
        labels[at++] = LETTERS + d;
      }
      if (i < letters.length()) {
        labels[at++] = label(equation, letters.charAt(i));
      }
    }
    return labels;
  }

  private static int label(String equation, char letter) {
    if (letter >= 'A' && letter <= 'Z') {
      return letter - 'A';
    }
    if (letter >= 'a' && letter <= 'z') {
      return letter - 'a' + 26;
    }
    throw Operands.argument(
        "einsum: subscripts are letters, one '...' for each operand, ',' and '->', got '"
            + letter
            + "' in '"
            + equation
            + "'");
  }

  private static int[] sizes(String equation, int[][] operands, Shape[] shapes) {
    int dots = 0;
    for (int[] labels : operands) {
      dots = Math.max(dots, (int) Arrays.stream(labels).filter(l -> l >= LETTERS).count());
    }
    int[] sizes = new int[LETTERS + dots];
    Arrays.fill(sizes, -1);
    for (int k = 0; k < operands.length; k++) {
      for (int d = 0; d < operands[k].length; d++) {
        int label = operands[k][d];
        int size = shapes[k].size(d);
        boolean fits = sizes[label] < 0 || sizes[label] == size;
        if (label >= LETTERS && (sizes[label] == 1 || size == 1)) {
          size = sizes[label] == 1 ? size : sizes[label] < 0 ? size : sizes[label];
          fits = true;
        }
        if (!fits) {
          throw Operands.shape(
              "einsum: a subscript must have one size, '"
                  + letter(label)
                  + "' in '"
                  + equation
                  + "' is both "
                  + sizes[label]
                  + " and "
                  + size
                  + " (operand "
                  + k
                  + " of shape "
                  + shapes[k]
                  + ")");
        }
        sizes[label] = size;
      }
    }
    return sizes;
  }

  /// Returns the result that goes without saying: `...`, then the letters that occur once, in
  /// order.
  private static int[] implied(int[][] operands, int dots) {
    int[] times = new int[LETTERS];
    for (int[] labels : operands) {
      for (int label : labels) {
        if (label < LETTERS) {
          times[label]++;
        }
      }
    }
    return IntStream.concat(
            IntStream.range(0, dots).map(d -> LETTERS + dots - 1 - d),
            IntStream.range(0, LETTERS).filter(l -> times[l] == 1))
        .toArray();
  }

  private static void requireResult(String equation, int[] result, int[] sizes) {
    for (int i = 0; i < result.length; i++) {
      int label = result[i];
      if (sizes[label] < 0) {
        throw Operands.argument(
            "einsum: what the result names must occur in an operand, '"
                + letter(label)
                + "' does not in '"
                + equation
                + "'");
      }
      for (int j = 0; j < i; j++) {
        if (result[j] == label) {
          throw Operands.argument(
              "einsum: the result may name a subscript once, '"
                  + letter(label)
                  + "' stands twice in '"
                  + equation
                  + "'");
        }
      }
    }
  }

  private static String letter(int label) {
    return label >= LETTERS
        ? ELLIPSIS
        : String.valueOf((char) (label < 26 ? 'A' + label : 'a' + label - 26));
  }

  /// Returns labels as letters, with free ones in place of what `...` stands for.
  ///
  /// @throws AutogradException (`ARGUMENT`) if there are not letters enough
  String text(int... labels) {
    StringBuilder text = new StringBuilder();
    for (int label : labels) {
      text.append(letter(label < LETTERS ? label : free(label - LETTERS)));
    }
    return text.toString();
  }

  /// Returns the equation for a whole batch: with a subscript more in front of the result and of
  /// the operands that have the batch.
  ///
  /// @throws AutogradException (`ARGUMENT`) if there are not letters enough
  String withBatch(Batch batch) {
    int label = free(sizes.length - LETTERS);
    StringBuilder equation = new StringBuilder();
    for (int k = 0; k < operands.length; k++) {
      equation.append(k == 0 ? "" : ",").append(batch.has(k) ? letter(label) : "");
      equation.append(text(operands[k]));
    }
    return equation.append("->").append(letter(label)).append(text(result)).toString();
  }

  private int free(int which) {
    int left = which;
    for (int l = 0; l < LETTERS; l++) {
      if (sizes[l] < 0 && left-- == 0) {
        return l;
      }
    }
    throw Operands.argument("einsum: takes at most 52 different dimensions");
  }

  /// Returns the shape of dimensions with these labels.
  int[] shape(int... labels) {
    return Arrays.stream(labels).map(l -> sizes[l]).toArray();
  }
}
