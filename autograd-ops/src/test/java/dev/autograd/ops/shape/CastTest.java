package dev.autograd.ops.shape;

import static dev.autograd.ops.shape.Cast.cast;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CastTest {
  @ParameterizedTest
  @EnumSource(DType.class)
  void small_whole_numbers_survive_every_way_there_and_back(DType middle) {
    Tensor x = Tensor.of(new double[] {0, 1, 1, 0, 1, 0}, 2, 3).transpose(0, 1);
    for (DType first : DType.values()) {
      Tensor y = cast(cast(cast(x, first), middle), DType.F64);
      assertThat(y.toDoubleArray()).as("%s %s", first, middle).containsExactly(0, 0, 1, 1, 1, 0);
    }
  }

  @Test
  void fractions_are_cut_off_toward_zero_and_rounded_to_nearest() {
    Tensor x = Tensor.of(new double[] {-1.75, 2.9, 1 + 0x1p-30, Double.NaN});
    assertThat(cast(x, DType.I64).toLongArray()).containsExactly(-1, 2, 1, 0);
    assertThat(cast(x, DType.F32).toFloatArray()).startsWith(-1.75f, 2.9f, 1f);
    assertThat(cast(x, DType.BOOL).toLongArray()).containsExactly(1, 1, 1, 1);
  }

  @Test
  void big_integers_keep_their_low_bits_and_floats_stop_at_the_limits() {
    assertThat(cast(Tensor.of(new long[] {(1L << 32) + 5}), DType.I32).toLongArray())
        .containsExactly(5);
    assertThat(cast(Tensor.of(new double[] {1e30}), DType.I32).toLongArray())
        .containsExactly(Integer.MAX_VALUE);
    assertThat(cast(Tensor.of(new long[] {257}), DType.U8).toLongArray()).containsExactly(1);
  }

  @Test
  void half_types_round_to_nearest_even() {
    Tensor x = Tensor.of(new float[] {1 + 0x1p-8f, 1 + 3 * 0x1p-8f, 1 + 0x1p-11f, Float.NaN});
    assertThat(cast(cast(x, DType.BF16), DType.F32).toFloatArray()).startsWith(1f, 1 + 0x1p-6f, 1f);
    assertThat(cast(cast(x, DType.F16), DType.F32).toFloatArray())
        .startsWith(1 + 0x1p-8f, 1 + 3 * 0x1p-8f, 1f);
    assertThat(cast(cast(x, DType.BF16), DType.F32).toFloatArray()[3]).isNaN();
    short[] bits = {(short) 0x3f80, (short) 0xc000};
    Tensor y = Tensor.of(Storage.of(bits, DType.BF16), Shape.of(2));
    assertThat(cast(y, DType.F64).toDoubleArray()).containsExactly(1, -2);
  }

  @Test
  void the_gradient_is_cast_back() {
    Tensor x = Tensor.of(new double[] {1, 2}).requiresGrad(true);
    cast(x, DType.F32).mul(Tensor.of(new float[] {3, 4})).sum().backward();
    assertThat(x.grad().dtype()).isEqualTo(DType.F64);
    assertThat(x.grad().toDoubleArray()).containsExactly(3, 4);
  }

  @Test
  void a_result_that_is_not_floating_has_no_gradient() {
    Tensor x = Tensor.of(new float[] {1, 2}).requiresGrad(true);
    assertThat(cast(x, DType.I64).requiresGrad()).isFalse();
    assertThat(cast(x, DType.BOOL).requiresGrad()).isFalse();
    assertThat(cast(x, DType.F32)).isSameAs(x);
  }
}
