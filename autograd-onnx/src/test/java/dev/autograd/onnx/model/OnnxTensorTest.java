package dev.autograd.onnx.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxTensorTest {
  @Test
  void rawBytesAreLittleEndianAndRowMajor() throws IOException {
    OnnxTensor tensor = OnnxTensor.of("x", new int[] {1, 256, -1, 0x01020304}, 2, 2);
    assertThat(raw(tensor)).containsExactly(1, 0, 0, 0, 0, 1, 0, 0, -1, -1, -1, -1, 4, 3, 2, 1);
  }

  @ParameterizedTest
  @EnumSource
  void everyTypeComesBackFromItsRawBytes(ElementType type) throws IOException {
    if (type == ElementType.STRING) {
      OnnxTensor strings = OnnxTensor.of("s", new String[] {"a", "é"}, 2);
      assertThatThrownBy(() -> raw(strings)).isInstanceOf(OnnxModelException.class);
      assertThat(strings.toStrings()).containsExactly("a", "é");
      return;
    }
    // 20,001 elements: several chunks and an odd count.
    long[] dims = {3, 6667};
    byte[] bytes = new byte[(int) OnnxTensor.rawBytes("t", type, dims)];
    new Random(7).nextBytes(bytes);
    OnnxTensor tensor = OnnxTensor.ofRaw("t", type, dims, ByteBuffer.wrap(bytes));
    assertThat(raw(tensor)).isEqualTo(bytes);
    assertThat(tensor.rawBytes()).isEqualTo(bytes.length);
    assertThat(tensor).isEqualTo(OnnxTensor.ofRaw("t", type, dims, ByteBuffer.wrap(bytes)));
    bytes[bytes.length / 2] ^= 1;
    assertThat(tensor).isNotEqualTo(OnnxTensor.ofRaw("t", type, dims, ByteBuffer.wrap(bytes)));
  }

  @Test
  void fourBitElementsStandTwoToAByte() {
    assertThat(OnnxTensor.rawBytes("t", ElementType.INT4, 3, 3)).isEqualTo(5);
    assertThat(OnnxTensor.rawBytes("t", ElementType.INT4)).isEqualTo(1);
  }

  @Test
  void arraysAreCopiedInAndOut() {
    float[] values = {1, 2};
    OnnxTensor tensor = OnnxTensor.of("x", values, 2);
    values[0] = 9;
    tensor.toFloats()[1] = 9;
    long[] dims = tensor.dims();
    dims[0] = 9;
    assertThat(tensor.toFloats()).containsExactly(1, 2);
    assertThat(tensor.dims()).containsExactly(2);
  }

  @Test
  void scalarsHaveNoDimsAndOneElement() {
    OnnxTensor scalar = OnnxTensor.of("x", new double[] {2.5});
    assertThat(scalar.dims()).isEmpty();
    assertThat(scalar.size()).isEqualTo(1);
  }

  @Test
  void emptyTensorsKeepTheirSizes() {
    OnnxTensor empty = OnnxTensor.of("x", new float[0], 3, 0, Long.MAX_VALUE);
    assertThat(empty.size()).isZero();
    assertThat(empty.dims()).containsExactly(3, 0, Long.MAX_VALUE);
  }

  @Test
  void aWrongNumberOfElementsIsRefused() {
    assertThatThrownBy(() -> OnnxTensor.of("w", new float[5], 2, 3))
        .isInstanceOf(OnnxModelException.class)
        .hasMessage("tensor 'w' f32[2, 3] must have 6 elements in its array, got 5");
    assertThatThrownBy(() -> OnnxTensor.of("w", new float[5], -5, -1))
        .hasMessageContaining("must not be negative");
    assertThatThrownBy(() -> OnnxTensor.of("w", new float[5], 1L << 62, 1L << 62))
        .hasMessageContaining("more elements than a Java array holds");
  }

  @Test
  void narrowFloatsWidenExactly() {
    short[] halves = {0x3c00, (short) 0xc000, 0x0001, 0x7c00};
    assertThat(OnnxTensor.ofBits("x", ElementType.FLOAT16, halves, 4).toFloats())
        .containsExactly(1, -2, 0x1p-24f, Float.POSITIVE_INFINITY);
    short[] brains = {0x3f80, (short) 0xc000, 0x7f80};
    assertThat(OnnxTensor.ofBits("x", ElementType.BFLOAT16, brains, 3).toDoubles())
        .containsExactly(1, -2, Double.POSITIVE_INFINITY);
  }

  @Test
  void integersWidenByTheirSign() {
    byte[] bytes = {-1, 1};
    assertThat(OnnxTensor.ofBits("x", ElementType.UINT8, bytes, 2).toLongs())
        .containsExactly(255, 1);
    assertThat(OnnxTensor.ofBits("x", ElementType.INT8, bytes, 2).toLongs()).containsExactly(-1, 1);
    short[] shorts = {-1};
    assertThat(OnnxTensor.ofBits("x", ElementType.UINT16, shorts, 1).toLongs())
        .containsExactly(65535);
    int[] ints = {-1};
    assertThat(OnnxTensor.ofBits("x", ElementType.UINT32, ints, 1).toLongs())
        .containsExactly(4294967295L);
    assertThat(OnnxTensor.of("x", new boolean[] {true, false}, 2).toLongs()).containsExactly(1, 0);
  }

  @Test
  void aTensorOfOneTypeIsNotReadAsAnother() {
    OnnxTensor longs = OnnxTensor.of("shape", new long[] {1}, 1);
    assertThatThrownBy(longs::toFloats)
        .hasMessage("tensor 'shape' i64[1]: the elements must be f32, f16 or bf16");
    assertThatThrownBy(() -> OnnxTensor.of("x", new float[0], 0).toLongs())
        .isInstanceOf(OnnxModelException.class);
    assertThatThrownBy(() -> OnnxTensor.ofBits("x", ElementType.UINT4, new byte[1], 2).toLongs())
        .isInstanceOf(OnnxModelException.class);
  }

  @Test
  void contentsAreComparedByBits() {
    OnnxTensor zero = OnnxTensor.of("a", new float[] {0f});
    OnnxTensor minusZero = OnnxTensor.of("b", new float[] {-0f});
    OnnxTensor nan = OnnxTensor.of("c", new float[] {Float.NaN});
    assertThat(zero.sameContents(minusZero)).isFalse();
    assertThat(nan.sameContents(nan.named("d"))).isTrue();
    assertThat(nan.contentsHash()).isEqualTo(nan.named("d").contentsHash());
    assertThat(zero.sameContents(OnnxTensor.of("a", new float[] {0f}, 1))).isFalse();
  }

  private static byte[] raw(OnnxTensor tensor) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    tensor.writeRaw(out);
    return out.toByteArray();
  }
}
