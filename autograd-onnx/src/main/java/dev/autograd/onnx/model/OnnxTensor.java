package dev.autograd.onnx.model;

import dev.autograd.onnx.model.ElementType.Carrier;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntToLongFunction;

/// A named constant tensor, row-major and immutable.
///
/// Elements are kept in a Java array of their width: 16-bit floats and unsigned integers as their
/// bits, bools as bytes 0 and 1, complex numbers as pairs, 4-bit integers two to a byte with the
/// first in the low half. Arrays are copied in and out.
public final class OnnxTensor {
  private static final int CHUNK_BYTES = 1 << 16;

  private final String name;
  private final ElementType elementType;
  private final long[] dims;
  private final Object data; // byte[], short[], int[], long[], float[], double[] or String[]

  private OnnxTensor(String name, ElementType elementType, long[] dims, Object data) {
    this.name = name;
    this.elementType = elementType;
    this.dims = dims;
    this.data = data;
    long wanted = carriers(name, elementType, dims);
    int got = length(data);
    if (got != wanted) {
      throw new OnnxModelException(
          this + " must have " + wanted + " elements in its array, got " + got);
    }
  }

  /// Makes a tensor of f32. No dims make a scalar.
  public static OnnxTensor of(String name, float[] values, long... dims) {
    return new OnnxTensor(name, ElementType.FLOAT, dims.clone(), values.clone());
  }

  /// Makes a tensor of f64. No dims make a scalar.
  public static OnnxTensor of(String name, double[] values, long... dims) {
    return new OnnxTensor(name, ElementType.DOUBLE, dims.clone(), values.clone());
  }

  /// Makes a tensor of i64. No dims make a scalar.
  public static OnnxTensor of(String name, long[] values, long... dims) {
    return new OnnxTensor(name, ElementType.INT64, dims.clone(), values.clone());
  }

  /// Makes a tensor of i32. No dims make a scalar.
  public static OnnxTensor of(String name, int[] values, long... dims) {
    return new OnnxTensor(name, ElementType.INT32, dims.clone(), values.clone());
  }

  /// Makes a tensor of bool. No dims make a scalar.
  public static OnnxTensor of(String name, boolean[] values, long... dims) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return new OnnxTensor(name, ElementType.BOOL, dims.clone(), bytes);
  }

  /// Makes a tensor of strings. No dims make a scalar.
  public static OnnxTensor of(String name, String[] values, long... dims) {
    return new OnnxTensor(name, ElementType.STRING, dims.clone(), values.clone());
  }

  /// Makes a tensor of any type whose elements have 8 or 4 bits.
  ///
  /// @throws OnnxModelException if the type is of another width or the count does not fit `dims`
  public static OnnxTensor ofBits(String name, ElementType type, byte[] bits, long... dims) {
    return new OnnxTensor(name, require(name, type, Carrier.BYTES), dims.clone(), bits.clone());
  }

  /// Makes a tensor of any type whose elements have 16 bits: f16, bf16, i16, u16.
  ///
  /// @throws OnnxModelException if the type is of another width or the count does not fit `dims`
  public static OnnxTensor ofBits(String name, ElementType type, short[] bits, long... dims) {
    return new OnnxTensor(name, require(name, type, Carrier.SHORTS), dims.clone(), bits.clone());
  }

  /// Makes a tensor of i32 or u32.
  ///
  /// @throws OnnxModelException if the type is another or the count does not fit `dims`
  public static OnnxTensor ofBits(String name, ElementType type, int[] bits, long... dims) {
    return new OnnxTensor(name, require(name, type, Carrier.INTS), dims.clone(), bits.clone());
  }

  /// Makes a tensor of i64 or u64.
  ///
  /// @throws OnnxModelException if the type is another or the count does not fit `dims`
  public static OnnxTensor ofBits(String name, ElementType type, long[] bits, long... dims) {
    return new OnnxTensor(name, require(name, type, Carrier.LONGS), dims.clone(), bits.clone());
  }

  /// Makes a complex tensor of c64 from its parts in pairs.
  public static OnnxTensor ofComplex(String name, float[] pairs, long... dims) {
    return new OnnxTensor(name, ElementType.COMPLEX64, dims.clone(), pairs.clone());
  }

  /// Makes a complex tensor of c128 from its parts in pairs.
  public static OnnxTensor ofComplex(String name, double[] pairs, long... dims) {
    return new OnnxTensor(name, ElementType.COMPLEX128, dims.clone(), pairs.clone());
  }

  /// Decodes the little-endian bytes of a file. Strings have no such form.
  ///
  /// @throws OnnxModelException if the number of bytes does not fit `dims`
  public static OnnxTensor ofRaw(String name, ElementType type, long[] dims, ByteBuffer raw) {
    Carrier carrier = type.carrier();
    if (carrier == Carrier.STRINGS) {
      throw new OnnxModelException("tensor '" + name + "': strings must not stand in raw data");
    }
    long wanted = rawBytes(name, type, dims);
    if (raw.remaining() != wanted) {
      throw new OnnxModelException(
          describe(name, type, dims) + " takes " + wanted + " bytes, got " + raw.remaining());
    }
    ByteBuffer little = raw.slice().order(ByteOrder.LITTLE_ENDIAN);
    int count = (int) (wanted / carrier.bytes);
    Object data =
        switch (carrier) {
          case BYTES -> {
            byte[] array = new byte[count];
            little.get(array);
            yield array;
          }
          case SHORTS -> {
            short[] array = new short[count];
            little.asShortBuffer().get(array);
            yield array;
          }
          case INTS -> {
            int[] array = new int[count];
            little.asIntBuffer().get(array);
            yield array;
          }
          case LONGS -> {
            long[] array = new long[count];
            little.asLongBuffer().get(array);
            yield array;
          }
          case FLOATS -> {
            float[] array = new float[count];
            little.asFloatBuffer().get(array);
            yield array;
          }
          case DOUBLES -> {
            double[] array = new double[count];
            little.asDoubleBuffer().get(array);
            yield array;
          }
          case STRINGS -> throw new AssertionError("refused above");
        };
    return new OnnxTensor(name, type, dims.clone(), data);
  }

  /// Returns the tensor's name, empty for the value of an attribute.
  public String name() {
    return name;
  }

  /// Returns the type of the elements.
  public ElementType elementType() {
    return elementType;
  }

  /// Returns the sizes of the dimensions, none for a scalar.
  public long[] dims() {
    return dims.clone();
  }

  /// Returns the number of elements.
  public long size() {
    return product(name, elementType, dims);
  }

  /// Returns the same contents under another name. The data is shared.
  public OnnxTensor named(String newName) {
    return new OnnxTensor(newName, elementType, dims, data);
  }

  /// Returns the number of bytes that a tensor takes in a file.
  ///
  /// @throws OnnxModelException if a dimension is negative or the elements do not fit a Java array
  public static long rawBytes(String name, ElementType type, long... dims) {
    return carriers(name, type, dims) * type.carrier().bytes;
  }

  /// Returns the number of bytes that {@link #writeRaw} writes.
  ///
  /// @throws OnnxModelException if the elements are strings
  public long rawBytes() {
    requireRaw();
    return (long) length(data) * elementType.carrier().bytes;
  }

  /// Writes the elements as a file holds them: little-endian, row-major.
  ///
  /// @throws OnnxModelException if the elements are strings
  public void writeRaw(OutputStream out) throws IOException {
    requireRaw();
    int step = CHUNK_BYTES / elementType.carrier().bytes;
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0, length = length(data); from < length; from += step) {
      int count = Math.min(step, length - from);
      switch (data) {
        case byte[] a -> chunk.put(0, a, from, count);
        case short[] a -> chunk.asShortBuffer().put(a, from, count);
        case int[] a -> chunk.asIntBuffer().put(a, from, count);
        case long[] a -> chunk.asLongBuffer().put(a, from, count);
        case float[] a -> chunk.asFloatBuffer().put(a, from, count);
        case double[] a -> chunk.asDoubleBuffer().put(a, from, count);
        default -> throw new AssertionError(data.getClass());
      }
      out.write(chunk.array(), 0, count * elementType.carrier().bytes);
    }
  }

  /// Returns the elements of f32, f16 or bf16 as floats, all exactly; of c64 as pairs.
  ///
  /// @throws OnnxModelException if the elements are of another type
  public float[] toFloats() {
    return switch (data) {
      case float[] a -> a.clone();
      case short[] a when elementType == ElementType.FLOAT16 -> {
        float[] floats = new float[a.length];
        for (int i = 0; i < a.length; i++) {
          floats[i] = Float.float16ToFloat(a[i]);
        }
        yield floats;
      }
      case short[] a when elementType == ElementType.BFLOAT16 -> {
        float[] floats = new float[a.length];
        for (int i = 0; i < a.length; i++) {
          floats[i] = Float.intBitsToFloat(a[i] << 16);
        }
        yield floats;
      }
      default -> throw wrong("f32, f16 or bf16");
    };
  }

  /// Returns the elements of f64, or of a narrower float, as doubles, all exactly; of c128 as
  /// pairs.
  ///
  /// @throws OnnxModelException if the elements are of another type
  public double[] toDoubles() {
    if (data instanceof double[] a) {
      return a.clone();
    }
    float[] floats = toFloats();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  /// Returns integers of 8 to 64 bits, or bools, as longs. Values of u64 keep their bits.
  ///
  /// @throws OnnxModelException if the elements are of another type
  public long[] toLongs() {
    if (!isInteger()) {
      throw wrong("integers");
    }
    boolean unsigned = elementType.symbol().charAt(0) != 'i';
    return switch (data) {
      case long[] a -> a.clone();
      case int[] a -> widened(a.length, i -> unsigned ? a[i] & 0xffff_ffffL : a[i]);
      case short[] a -> widened(a.length, i -> unsigned ? a[i] & 0xffffL : a[i]);
      case byte[] a -> widened(a.length, i -> unsigned ? a[i] & 0xffL : a[i]);
      default -> throw new AssertionError(data.getClass());
    };
  }

  /// Returns the elements of i32, or the bits of u32.
  ///
  /// @throws OnnxModelException if the elements are of another type
  public int[] toInts() {
    if (data instanceof int[] a) {
      return a.clone();
    }
    throw wrong("i32 or u32");
  }

  /// Returns the bits of elements of 16 bits.
  ///
  /// @throws OnnxModelException if the elements are of another width
  public short[] toShorts() {
    if (data instanceof short[] a) {
      return a.clone();
    }
    throw wrong("of 16 bits");
  }

  /// Returns the bits of elements of 8 bits, or of 4 bits in pairs.
  ///
  /// @throws OnnxModelException if the elements are of another width
  public byte[] toBytes() {
    if (data instanceof byte[] a) {
      return a.clone();
    }
    throw wrong("of 8 bits");
  }

  /// Returns the elements of bool.
  ///
  /// @throws OnnxModelException if the elements are of another type
  public boolean[] toBooleans() {
    if (elementType != ElementType.BOOL) {
      throw wrong("bool");
    }
    byte[] bytes = (byte[]) data;
    boolean[] booleans = new boolean[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      booleans[i] = bytes[i] != 0;
    }
    return booleans;
  }

  /// Returns the elements of string.
  ///
  /// @throws OnnxModelException if the elements are of another type
  public String[] toStrings() {
    if (data instanceof String[] a) {
      return a.clone();
    }
    throw wrong("string");
  }

  /// Tells whether another tensor has the same type, sizes and bits, whatever its name.
  public boolean sameContents(OnnxTensor other) {
    return elementType == other.elementType
        && Arrays.equals(dims, other.dims)
        && switch (data) {
          case byte[] a -> Arrays.equals(a, (byte[]) other.data);
          case short[] a -> Arrays.equals(a, (short[]) other.data);
          case int[] a -> Arrays.equals(a, (int[]) other.data);
          case long[] a -> Arrays.equals(a, (long[]) other.data);
          // Bits, since 0.0 and -0.0 are different constants and a NaN equals itself.
          case float[] a -> sameBits(a, (float[]) other.data);
          case double[] a -> sameBits(a, (double[]) other.data);
          default -> Arrays.equals((String[]) data, (String[]) other.data);
        };
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof OnnxTensor other && name.equals(other.name) && sameContents(other);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + contentsHash();
  }

  /// Returns a hash of all but the name.
  public int contentsHash() {
    int contents =
        switch (data) {
          case byte[] a -> Arrays.hashCode(a);
          case short[] a -> Arrays.hashCode(a);
          case int[] a -> Arrays.hashCode(a);
          case long[] a -> Arrays.hashCode(a);
          // One hash for all NaNs, which sameBits tells apart.
          case float[] a -> Arrays.hashCode(a);
          case double[] a -> Arrays.hashCode(a);
          default -> Arrays.hashCode((String[]) data);
        };
    return 31 * (31 * elementType.number() + Arrays.hashCode(dims)) + contents;
  }

  /// Returns name, type and sizes, never contents.
  @Override
  public String toString() {
    return describe(name, elementType, dims);
  }

  private boolean isInteger() {
    return switch (elementType) {
      case INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64, BOOL -> true;
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16, COMPLEX64, COMPLEX128, STRING -> false;
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, UINT4, INT4 -> false;
    };
  }

  private void requireRaw() {
    if (elementType == ElementType.STRING) {
      throw wrong("of a fixed width");
    }
  }

  private OnnxModelException wrong(String wanted) {
    return new OnnxModelException(this + ": the elements must be " + wanted);
  }

  private static ElementType require(String name, ElementType type, Carrier carrier) {
    if (type.carrier() != carrier) {
      throw new OnnxModelException(
          "tensor '" + name + "': elements of " + type + " are not kept as " + carrier);
    }
    return type;
  }

  private static String describe(String name, ElementType type, long[] dims) {
    return "tensor '" + name + "' " + type + Arrays.toString(dims);
  }

  private static long product(String name, ElementType type, long[] dims) {
    long product = 1;
    try {
      for (long dim : dims) {
        if (dim < 0) {
          throw new OnnxModelException(
              describe(name, type, dims) + ": dimensions must not be negative");
        }
        product = Math.multiplyExact(product, dim);
      }
    } catch (ArithmeticException overflow) {
      product = Long.MAX_VALUE;
    }
    for (long dim : dims) {
      if (dim == 0) {
        return 0;
      }
    }
    return product;
  }

  private static long carriers(String name, ElementType type, long[] dims) {
    long elements = product(name, type, dims);
    long carriers =
        switch (type) {
          case COMPLEX64, COMPLEX128 -> elements > Long.MAX_VALUE / 2 ? elements : 2 * elements;
          case UINT4, INT4 -> elements / 2 + elements % 2;
          case FLOAT, DOUBLE, FLOAT16, BFLOAT16, STRING, BOOL -> elements;
          case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> elements;
          case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> elements;
        };
    if (carriers > Integer.MAX_VALUE) {
      throw new OnnxModelException(
          describe(name, type, dims) + " has more elements than a Java array holds");
    }
    return carriers;
  }

  private static long[] widened(int length, IntToLongFunction element) {
    long[] longs = new long[length];
    Arrays.setAll(longs, element);
    return longs;
  }

  private static int length(Object data) {
    return Array.getLength(data);
  }

  private static boolean sameBits(float[] a, float[] b) {
    if (a.length != b.length) {
      return false;
    }
    for (int i = 0; i < a.length; i++) {
      if (Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(b[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameBits(double[] a, double[] b) {
    if (a.length != b.length) {
      return false;
    }
    for (int i = 0; i < a.length; i++) {
      if (Double.doubleToRawLongBits(a[i]) != Double.doubleToRawLongBits(b[i])) {
        return false;
      }
    }
    return true;
  }
}
