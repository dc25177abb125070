package dev.autograd.ops.conv;

import static dev.autograd.ops.conv.Conv1d.conv1d;
import static dev.autograd.ops.conv.Conv2d.conv2d;
import static dev.autograd.ops.conv.ConvTranspose2d.convTranspose2d;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class Conv2dTest {
  private static final double EXACT = 1e-12;

  private static Tensor ones(int... shape) {
    return Tensor.ones(Shape.of(shape), DType.F64);
  }

  private static Tensor random(long seed, int... shape) {
    return Tensor.randn(Shape.of(shape), DType.F64, new Generator(seed));
  }

  @Test
  void q69_gradientsOfOnesCountHowOftenAnElementIsUsed() {
    Tensor x = ones(1, 1, 3, 3).requiresGrad(true);
    Tensor w = ones(1, 1, 2, 2).requiresGrad(true);
    Tensor b = ones(1).requiresGrad(true);
    conv2d(x, w, b).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(1, 2, 1, 2, 4, 2, 1, 2, 1);
    assertThat(w.grad().toDoubleArray()).containsExactly(4, 4, 4, 4);
    assertThat(b.grad().toDoubleArray()).containsExactly(4);
  }

  /// The definition, element by element.
  private static double[] naive(Tensor x, Tensor w, ConvGeometry geometry) {
    int groups = geometry.groups();
    var s = geometry.shape("test", x.shape(), w.shape());
    double[] y = new double[s.n() * s.k() * s.outH() * s.outW()];
    int at = 0;
    for (int n = 0; n < s.n(); n++) {
      for (int k = 0; k < s.k(); k++) {
        for (int i = 0; i < s.outH(); i++) {
          for (int j = 0; j < s.outW(); j++, at++) {
            for (int c = 0; c < s.c() / groups; c++) {
              for (int u = 0; u < s.kh(); u++) {
                for (int v = 0; v < s.kw(); v++) {
                  int row = i * s.strideH() + u * s.dilationH() - s.padTop();
                  int column = j * s.strideW() + v * s.dilationW() - s.padLeft();
                  if (row >= 0 && row < s.h() && column >= 0 && column < s.w()) {
                    int channel = k / (s.k() / groups) * (s.c() / groups) + c;
                    y[at] += x.at(n, channel, row, column) * w.at(k, c, u, v);
                  }
                }
              }
            }
          }
        }
      }
    }
    return y;
  }

  @Test
  void everyGeometryFollowsTheDefinition() {
    Tensor x = random(1, 2, 4, 7, 6);
    for (ConvGeometry geometry :
        List.of(
            ConvGeometry.PLAIN,
            ConvGeometry.PLAIN.stride(2),
            ConvGeometry.PLAIN.stride(3).padding(2),
            ConvGeometry.PLAIN.dilation(2).padding(1),
            ConvGeometry.PLAIN.groups(2),
            ConvGeometry.PLAIN.groups(4).padding(1),
            new ConvGeometry(new Extent(2, 1), new Padding(0, 2, 1, 0), new Extent(1, 2), 2))) {
      Tensor w = random(2, 8, 4 / geometry.groups(), 3, 2);
      double[] y = conv2d(x, w, null, geometry).toDoubleArray();
      assertThat(y).as("%s", geometry).containsExactly(naive(x, w, geometry), within(EXACT));
    }
  }

  @Test
  void samePaddingOfAnEvenFilterIsGreaterBelowAndRight() {
    Padding same = Padding.same(new Extent(2, 4), Extent.of(1));
    assertThat(same).isEqualTo(new Padding(0, 1, 1, 2));
    var geometry = new ConvGeometry(Extent.of(1), same, Extent.of(1), 1);
    Tensor y = conv2d(ones(1, 1, 5, 6), ones(1, 1, 2, 4), null, geometry);
    assertThat(y.shape()).isEqualTo(Shape.of(1, 1, 5, 6));
    assertThat(y.at(0, 0, 4, 0)).isEqualTo(3);
  }

  @Test
  void onlyTheSideThatIsNeededIsSavedAndComputed() {
    Tensor x = ones(1, 1, 3, 3);
    Tensor w = ones(1, 1, 2, 2).requiresGrad(true);
    conv2d(x, w).sum().backward();
    assertThat(x.grad()).isNull();
    assertThat(w.grad()).isNotNull();
  }

  @Test
  void emptyBatchHasAGradientOfZerosForTheWeight() {
    Tensor w = ones(2, 1, 2, 2).requiresGrad(true);
    Tensor y = conv2d(Tensor.zeros(Shape.of(0, 1, 3, 3), DType.F64), w);
    assertThat(y.shape()).isEqualTo(Shape.of(0, 2, 2, 2));
    y.sum().backward();
    assertThat(w.grad().toDoubleArray()).containsOnly(0);
  }

  @Test
  void thirdDerivativeOfACubeThroughConvolutionsIsExact() {
    // y = (w w) x with single elements: the gradients are those of x w².
    Tensor x = ones(1, 1, 1, 1).mul(3).requiresGrad(true);
    Tensor w = ones(1, 1, 1, 1).mul(5).requiresGrad(true);
    Tensor y = conv2d(conv2d(x, w), w).sum();
    Tensor dw = Autograd.grad(y, List.of(w), GradOptions.createGraph()).get(0);
    assertThat(dw.item()).isCloseTo(30, within(EXACT));
    Tensor ddw = Autograd.grad(dw.sum(), List.of(w), GradOptions.createGraph()).get(0);
    assertThat(ddw.item()).isCloseTo(6, within(EXACT));
    Tensor dddx = Autograd.grad(ddw.sum(), List.of(x)).get(0);
    assertThat(dddx.item()).isCloseTo(2, within(EXACT));
  }

  @Test
  void transposedConvolutionIsTheAdjoint() {
    var geometry = ConvGeometry.PLAIN.stride(2).padding(1);
    Tensor x = random(3, 2, 3, 6, 5);
    Tensor w = random(4, 4, 3, 3, 3);
    Tensor y = conv2d(x, w, null, geometry);
    Tensor g = random(5, y.shape().dims());
    Tensor back = convTranspose2d(g, w, null, geometry, new Extent(1, 0));
    assertThat(back.shape()).isEqualTo(x.shape());
    assertThat(back.mul(x).sum().item()).isCloseTo(y.mul(g).sum().item(), within(1e-9));
    assertThatThrownBy(() -> convTranspose2d(g, w, null, geometry, new Extent(2, 0)))
        .hasMessageContaining("must lie in [0, stride)");
  }

  @Test
  void oneImageAndOneDimensionAreConvenienceForms() {
    Tensor x = random(6, 3, 5, 5);
    Tensor w = random(7, 2, 3, 2, 2);
    assertThat(conv2d(x, w).toDoubleArray()).isEqualTo(conv2d(x.unsqueeze(0), w).toDoubleArray());
    Tensor line = Tensor.of(new double[] {1, 2, 3, 4}, 1, 1, 4);
    Tensor kernel = Tensor.of(new double[] {1, 10}, 1, 1, 2);
    assertThat(conv1d(line, kernel, null).toDoubleArray()).containsExactly(21, 32, 43);
    assertThat(conv1d(line, kernel, null, 2, 1, 1, 1).toDoubleArray()).containsExactly(10, 32, 4);
  }

  @Test
  void errorsNameBothShapes() {
    assertThatThrownBy(() -> conv2d(ones(1, 3, 4, 4), ones(2, 2, 3, 3)))
        .hasMessage(
            "conv2d: the input must have groups times the weight's channels, and the filters divide"
                + " by groups, got input [1, 3, 4, 4], weight [2, 2, 3, 3] and groups 1 (3"
                + " channels, 2 expected)");
    assertThatThrownBy(() -> conv2d(ones(1, 1, 2, 2), ones(1, 1, 3, 3)))
        .hasMessageContaining("got input [1, 1, 2, 2], weight [1, 1, 3, 3]");
    assertThatThrownBy(() -> ConvGeometry.PLAIN.stride(0)).hasMessageContaining("stride [0, 0]");
  }
}
