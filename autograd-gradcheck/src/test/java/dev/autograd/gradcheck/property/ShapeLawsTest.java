package dev.autograd.gradcheck.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.gradcheck.property.Shapes.Pair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/// What holds for gradients of every shape.
class ShapeLawsTest {
  private static final String SEED = "20261123";

  /// A pointwise operation of two operands.
  enum Binary {
    ADD(Tensor::add),
    SUB(Tensor::sub),
    MUL(Tensor::mul),
    DIV((a, b) -> a.div(b.add(3))),
    POW((a, b) -> a.add(3).pow(b)),
    MAXIMUM(Tensor::maximum),
    MINIMUM(Tensor::minimum);

    @SuppressWarnings("ImmutableEnumChecker") // the functions hold nothing
    private final BinaryOperator<Tensor> f;

    Binary(BinaryOperator<Tensor> f) {
      this.f = f;
    }
  }

  @Provide
  Arbitrary<Shape> shapes() {
    return Shapes.any();
  }

  @Provide
  Arbitrary<Shape> filledShapes() {
    return Shapes.filled();
  }

  @Provide
  Arbitrary<Pair> pairs() {
    return Shapes.pairs();
  }

  @Provide
  Arbitrary<Binary> binaries() {
    return Arbitraries.of(Binary.class);
  }

  @Property(tries = 300, seed = SEED)
  void theGradientOfASumIsOnes(
      @ForAll("shapes") Shape shape, @ForAll @IntRange(max = 15) int mask) {
    Tensor x = leaf(shape);
    int[] dims = IntStream.range(0, shape.rank()).filter(d -> (mask >> d & 1) != 0).toArray();
    x.sum(dims).sum().backward();

    assertThat(x.grad()).isNotNull();
    assertThat(x.grad().shape()).isEqualTo(shape);
    assertThat(x.grad().toDoubleArray()).isEqualTo(ones(shape));
  }

  @Property(tries = 200, seed = SEED)
  void theGradientOfAMeanIsOneSharedByAll(@ForAll("filledShapes") Shape shape) {
    Tensor x = leaf(shape);
    x.mean().backward();

    assertThat(x.grad().toDoubleArray()).containsOnly(1.0 / shape.numel());
  }

  @Property(tries = 400, seed = SEED)
  void broadcastGradientsHaveTheShapesOfTheirInputs(
      @ForAll("pairs") Pair pair, @ForAll("binaries") Binary op) {
    Tensor a = leaf(pair.a());
    Tensor b = leaf(pair.b());
    Tensor y = op.f.apply(a, b);
    assertThat(y.shape()).isEqualTo(pair.both());
    y.sum().backward();

    assertThat(a.grad().shape()).isEqualTo(pair.a());
    assertThat(b.grad().shape()).isEqualTo(pair.b());
    Statistics.label("one of them was broadcast")
        .collect(!pair.a().equals(pair.b()))
        .coverage(c -> c.check(true).percentage(p -> p >= 50));
  }

  @Property(tries = 300, seed = SEED)
  void aBroadcastElementGetsOneForEachPlaceItGoesTo(@ForAll("pairs") Pair pair) {
    Tensor a = leaf(pair.a());
    Tensor b = leaf(pair.b());
    a.sub(b).sum().backward();

    double copiesOfA = pair.a().numel() == 0 ? 0 : pair.both().numel() / pair.a().numel();
    double copiesOfB = pair.b().numel() == 0 ? 0 : pair.both().numel() / pair.b().numel();
    assertThat(a.grad().toDoubleArray()).isEqualTo(times(pair.a(), copiesOfA));
    assertThat(b.grad().toDoubleArray()).isEqualTo(times(pair.b(), 0 - copiesOfB));
  }

  @Property(tries = 300, seed = SEED)
  void expandingIsTheAdjointOfSumming(@ForAll("pairs") Pair pair) {
    // ⟨expand x, g⟩ = ⟨x, gradient of expand for g⟩
    Tensor x = leaf(pair.a());
    Tensor y = x.expand(pair.both().dims());
    Tensor g = Slopes.uniform(pair.both(), 5);
    y.backward(g);

    assertThat(Slopes.dot(x, x.grad()))
        .isCloseTo(Slopes.dot(y, g), org.assertj.core.api.Assertions.within(1e-12));
  }

  @Property(tries = 300, seed = SEED)
  void permutingBackGivesTheSameBitsAndGradients(
      @ForAll("shapes") Shape shape, @ForAll long shuffle) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, shape.rank()).boxed().toList());
    Collections.shuffle(order, new Random(shuffle));
    int[] there = order.stream().mapToInt(Integer::intValue).toArray();
    int[] back = new int[there.length];
    for (int d = 0; d < back.length; d++) {
      back[there[d]] = d;
    }
    Tensor x = leaf(shape);
    unchanged(x, x.permute(there).permute(back));
    // A copy in between lays the elements out anew.
    Tensor z = leaf(shape);
    unchanged(z, z.permute(there).contiguous().permute(back));
  }

  @Property(tries = 300, seed = SEED)
  void reshapingBackGivesTheSameBitsAndGradients(
      @ForAll("shapes") Shape shape, @ForAll @IntRange(min = 1, max = 4) int divisor) {
    Tensor x = leaf(shape);
    unchanged(x, x.flatten().reshape(shape.dims()));
    Tensor z = leaf(shape);
    int n = shape.numel();
    int rows = n % divisor == 0 ? divisor : 1;
    unchanged(
        z,
        z.reshape(rows, n / rows)
            .transpose(0, 1)
            .contiguous()
            .transpose(0, 1)
            .reshape(shape.dims()));
  }

  @Property(tries = 300, seed = SEED)
  void insertingAndRemovingADimensionGivesTheSameBitsAndGradients(
      @ForAll("shapes") Shape shape, @ForAll @IntRange(max = 4) int at) {
    int dim = Math.min(at, shape.rank());
    Tensor x = leaf(shape);
    unchanged(x, x.unsqueeze(dim).squeeze(dim));
  }

  @Property(tries = 300, seed = SEED)
  void flippingTwiceGivesTheSameBitsAndGradients(
      @ForAll("shapes") Shape shape, @ForAll @IntRange(max = 15) int mask) {
    int[] dims = IntStream.range(0, shape.rank()).filter(d -> (mask >> d & 1) != 0).toArray();
    Tensor x = leaf(shape);
    unchanged(x, x.flip(dims).flip(dims));
  }

  @Property(tries = 300, seed = SEED)
  void cuttingAndJoiningGivesTheSameBitsAndGradients(
      @ForAll("filledShapes") Shape shape,
      @ForAll @IntRange(max = 3) int along,
      @ForAll @IntRange(min = 1, max = 3) int size) {
    if (shape.rank() == 0) {
      return;
    }
    int dim = along % shape.rank();
    Tensor x = leaf(shape);
    unchanged(x, Tensor.cat(x.split(size, dim), dim));
    Tensor z = leaf(shape);
    unchanged(z, Tensor.stack(z.unbind(dim), dim));
  }

  /// The result has the leaf's bits, and its gradient comes back as it was.
  private static void unchanged(Tensor x, Tensor y) {
    assertThat(y.shape()).isEqualTo(x.shape());
    assertThat(y.detach().toDoubleArray()).isEqualTo(x.detach().toDoubleArray());
    Tensor g = Slopes.uniform(x.shape(), 6);
    y.backward(g);
    assertThat(x.grad().shape()).isEqualTo(x.shape());
    assertThat(x.grad().toDoubleArray()).isEqualTo(g.toDoubleArray());
  }

  private static Tensor leaf(Shape shape) {
    Tensor t = Slopes.uniform(shape, 7).detach().requiresGrad(true);
    assertThat(t.dtype()).isEqualTo(DType.F64);
    return t;
  }

  private static double[] ones(Shape shape) {
    return times(shape, 1);
  }

  /// Returns what the gradient holds: nothing where the shape is empty.
  private static double[] times(Shape shape, double value) {
    double[] all = new double[shape.numel()];
    Arrays.fill(all, value);
    return all;
  }
}
