package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolingLayersTest {
  @ParameterizedTest
  @CsvSource({"2, 2, 0", "3, 2, 1", "2, 1, 0"})
  void poolsEqualLoopsOverTheWindows(int kernel, int stride, int padding) {
    Tensor x = Differences.randn(1, 2, 3, 7, 6);
    Tensor max = new MaxPool2d(kernel, stride, padding).forward(x);
    Tensor mean = new AvgPool2d(kernel, stride, padding).forward(x);
    int height = (7 + 2 * padding - kernel) / stride + 1;
    int width = (6 + 2 * padding - kernel) / stride + 1;
    assertThat(max.shape()).isEqualTo(Shape.of(2, 3, height, width));
    assertThat(mean.shape()).isEqualTo(max.shape());
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        double best = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (int u = 0; u < kernel; u++) {
          for (int v = 0; v < kernel; v++) {
            int row = i * stride - padding + u;
            int column = j * stride - padding + v;
            if (row >= 0 && row < 7 && column >= 0 && column < 6) {
              best = Math.max(best, x.at(1, 2, row, column));
              sum += x.at(1, 2, row, column);
            }
          }
        }
        assertThat(max.at(1, 2, i, j)).isEqualTo(best);
        assertThat(mean.at(1, 2, i, j)).isCloseTo(sum / (kernel * kernel), within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "5, 7"})
  void adaptivePoolingCoversTheImage(int height, int width) {
    Tensor x = Differences.randn(1, 1, 2, 7, 8);
    Tensor y = new AdaptiveAvgPool2d(height, width).forward(x);
    assertThat(y.shape()).isEqualTo(Shape.of(1, 2, height, width));
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < width; j++) {
        double sum = 0;
        int count = 0;
        for (int r = i * 7 / height; r < Math.ceilDiv((i + 1) * 7, height); r++) {
          for (int c = j * 8 / width; c < Math.ceilDiv((j + 1) * 8, width); c++) {
            sum += x.at(0, 1, r, c);
            count++;
          }
        }
        assertThat(y.at(0, 1, i, j)).isCloseTo(sum / count, within(1e-6));
      }
    }
  }

  @Test
  void gradientsEqualDifferences() {
    // Values far apart, so that no step changes which element is the greatest.
    Tensor x = Tensor.arange(2 * 36).to(DType.F32).mul(0.1).reshape(1, 2, 6, 6);
    Differences.check(new MaxPool2d(2), x.clone());
    Differences.check(new AvgPool2d(3, 2, 1), x.clone());
    Differences.check(new AdaptiveAvgPool2d(2, 4), x.clone());
  }

  @Test
  void flattenKeepsTheBatch() {
    Tensor x = Differences.randn(1, 2, 3, 4);
    Tensor y = new Flatten().forward(x);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 12));
    assertThat(y.toFloatArray()).isEqualTo(x.toFloatArray());
  }

  @Test
  void windowsDoNotOverlapByDefault() {
    assertThat(new MaxPool2d(3)).hasToString("MaxPool2d(3, stride=3, padding=0)");
    assertThat(new AvgPool2d(2)).hasToString("AvgPool2d(2, stride=2, padding=0)");
    assertThat(new AdaptiveAvgPool2d(1, 2)).hasToString("AdaptiveAvgPool2d(1, 2)");
    assertThat(new Flatten()).hasToString("Flatten");
  }
}
