package dev.autograd.gradcheck.property;

import dev.autograd.Shape;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Random shapes.
final class Shapes {
  /// Two shapes that broadcast with each other, and the shape that they give.
  record Pair(Shape a, Shape b, Shape both) {}

  private Shapes() {}

  /// Returns shapes of up to four dimensions, of sizes 0 and 1 among others.
  static Arbitrary<Shape> any() {
    return sizes(0).list().ofMaxSize(4).map(Shapes::of);
  }

  /// Returns shapes with at least one element.
  static Arbitrary<Shape> filled() {
    return sizes(1).list().ofMaxSize(3).map(Shapes::of);
  }

  /// Returns pairs in which each dimension may be 1, and leading ones missing, on either side.
  static Arbitrary<Pair> pairs() {
    Arbitrary<List<Integer>> both = sizes(0).list().ofMaxSize(4);
    Arbitrary<Integer> masks = Arbitraries.integers().between(0, 15);
    Arbitrary<Integer> cuts = Arbitraries.integers().between(0, 4);
    return Combinators.combine(
            both,
            Combinators.combine(masks, masks, masks).as(Tuple::of),
            cuts,
            Arbitraries.of(true, false))
        .as(
            (full, mask, cut, swap) -> {
              // What is 1 in one of them is not in the other, so that the result is 'full'.
              List<Integer> a = ones(full, mask.get1());
              List<Integer> b = ones(full, mask.get2() & ~mask.get1());
              int missing = 0;
              while (missing < Math.min(cut, full.size()) && isOne(mask.get3(), missing)) {
                missing++;
              }
              List<Integer> shorter = b.subList(missing, b.size());
              List<Integer> longer = new ArrayList<>(a);
              for (int d = 0; d < missing; d++) {
                longer.set(d, full.get(d));
              }
              Shape x = of(longer);
              Shape y = of(shorter);
              return swap ? new Pair(y, x, of(full)) : new Pair(x, y, of(full));
            })
        .withoutEdgeCases();
  }

  /// Tells whether two shapes broadcast with each other.
  static boolean broadcast(Shape a, Shape b) {
    for (int d = 1; d <= Math.min(a.rank(), b.rank()); d++) {
      int m = a.size(-d);
      int n = b.size(-d);
      if (m != n && m != 1 && n != 1) {
        return false;
      }
    }
    return true;
  }

  static Shape of(List<Integer> sizes) {
    return Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
  }

  /// Returns sizes up to 4; a size of 0 is rare, since it empties the whole tensor.
  private static Arbitrary<Integer> sizes(int least) {
    return Arbitraries.frequency(
        Tuple.of(least == 0 ? 1 : 0, 0),
        Tuple.of(5, 1),
        Tuple.of(5, 2),
        Tuple.of(4, 3),
        Tuple.of(1, 4));
  }

  private static List<Integer> ones(List<Integer> full, int mask) {
    List<Integer> sizes = new ArrayList<>(full);
    for (int d = 0; d < sizes.size(); d++) {
      if (isOne(mask, d)) {
        sizes.set(d, 1);
      }
    }
    return sizes;
  }

  private static boolean isOne(int mask, int d) {
    return (mask >> d & 1) != 0;
  }
}
