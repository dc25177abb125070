package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Conv2dTest {
  @ParameterizedTest(name = "stride {0}, padding {1}, dilation {2}, groups {3}, bias {4}")
  @CsvSource({
    "1, 0, 1, 1, true",
    "2, 1, 1, 1, true",
    "1, 2, 2, 1, false",
    "1, 1, 1, 2, true",
    "3, 0, 1, 2, false",
    "2, 3, 2, 2, true"
  })
  void equalsTheSumOverTheWindow(int stride, int padding, int dilation, int groups, boolean bias) {
    var options = new Conv2d.Options(stride, padding, dilation, groups, bias);
    Conv2d layer = new Conv2d(4, 6, 3, options);
    Differences.scramble(layer, 1);
    Tensor x = Differences.randn(2, 2, 4, 8, 7);
    Tensor y = layer.forward(x);
    int height = (8 + 2 * padding - dilation * 2 - 1) / stride + 1;
    int width = (7 + 2 * padding - dilation * 2 - 1) / stride + 1;
    assertThat(y.shape()).isEqualTo(Shape.of(2, 6, height, width));

    Map<String, Tensor> p = layer.namedParameters();
    Tensor w = p.get("weight");
    assertThat(w.shape()).isEqualTo(Shape.of(6, 4 / groups, 3, 3));
    for (int n = 0; n < 2; n++) {
      for (int o = 0; o < 6; o++) {
        for (int i = 0; i < height; i++) {
          for (int j = 0; j < width; j++) {
            double sum = bias ? p.get("bias").at(o) : 0;
            int group = o / (6 / groups);
            for (int c = 0; c < 4 / groups; c++) {
              for (int u = 0; u < 3; u++) {
                for (int v = 0; v < 3; v++) {
                  int row = i * stride - padding + u * dilation;
                  int column = j * stride - padding + v * dilation;
                  if (row >= 0 && row < 8 && column >= 0 && column < 7) {
                    sum += w.at(o, c, u, v) * x.at(n, group * (4 / groups) + c, row, column);
                  }
                }
              }
            }
            assertThat(y.at(n, o, i, j)).isCloseTo(sum, within(1e-4));
          }
        }
      }
    }
  }

  @Test
  void namesCountsAndBoundsItsParameters() {
    Conv2d layer = new Conv2d(4, 64, 3);
    assertThat(layer.namedParameters().keySet()).containsExactly("weight", "bias");
    assertThat(layer.parameterCount()).isEqualTo(64 * 4 * 9 + 64);
    double bound = 1 / Math.sqrt(4 * 9);
    assertThat(layer.namedParameters().get("weight").abs().max().item())
        .isLessThanOrEqualTo(bound)
        .isGreaterThan(0.95 * bound);
    assertThat(layer.namedParameters().get("bias").abs().max().item()).isLessThanOrEqualTo(bound);
    Conv2d grouped = new Conv2d(4, 64, 3, new Conv2d.Options(1, 0, 1, 2, false));
    assertThat(grouped.namedParameters().keySet()).containsExactly("weight");
    assertThat(grouped.namedParameters().get("weight").abs().max().item())
        .as("the fan-in is that of a group")
        .isGreaterThan(bound);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1", "2, 1, 1, 2", "1, 2, 2, 1"})
  void gradientsEqualDifferences(int stride, int padding, int dilation, int groups) {
    Conv2d layer = new Conv2d(2, 4, 3, new Conv2d.Options(stride, padding, dilation, groups, true));
    Differences.scramble(layer, 5);
    Differences.check(layer, Differences.randn(6, 2, 2, 5, 4));
  }

  @Test
  void theOptionsPrint() {
    var options = Conv2d.Options.DEFAULTS.withStride(2).withPadding(1).withoutBias();
    assertThat(options).isEqualTo(new Conv2d.Options(2, 1, 1, 1, false));
    assertThat(new Conv2d(1, 2, 3, options).toString())
        .contains("Conv2d(1, 2, kernel=3")
        .contains("stride=2")
        .contains("padding=1");
  }

  @ParameterizedTest
  @CsvSource({"3, 4, 2", "4, 3, 2", "4, 4, 0"})
  void channelsAreMultiplesOfTheGroups(int in, int out, int groups) {
    var options = new Conv2d.Options(1, 0, 1, groups, true);
    assertThatThrownBy(() -> new Conv2d(in, out, 3, options))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("conv2d: ")
        .hasMessageContaining("groups")
        .hasMessageContaining(in + " and " + out);
  }

  @Test
  void refusesImagesWithOtherChannels() {
    Conv2d layer = new Conv2d(3, 2, 3);
    assertThatThrownBy(() -> layer.forward(Tensor.ones(1, 4, 8, 8)))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("[1, 4, 8, 8]");
  }
}
