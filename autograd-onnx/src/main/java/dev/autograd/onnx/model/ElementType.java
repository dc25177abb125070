package dev.autograd.onnx.model;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The element types of ONNX tensors.
public enum ElementType {
  FLOAT(1, "f32", 32, Carrier.FLOATS),
  UINT8(2, "u8", 8, Carrier.BYTES),
  INT8(3, "i8", 8, Carrier.BYTES),
  UINT16(4, "u16", 16, Carrier.SHORTS),
  INT16(5, "i16", 16, Carrier.SHORTS),
  INT32(6, "i32", 32, Carrier.INTS),
  INT64(7, "i64", 64, Carrier.LONGS),
  STRING(8, "string", 0, Carrier.STRINGS),
  BOOL(9, "bool", 8, Carrier.BYTES),
  FLOAT16(10, "f16", 16, Carrier.SHORTS),
  DOUBLE(11, "f64", 64, Carrier.DOUBLES),
  UINT32(12, "u32", 32, Carrier.INTS),
  UINT64(13, "u64", 64, Carrier.LONGS),
  COMPLEX64(14, "c64", 64, Carrier.FLOATS),
  COMPLEX128(15, "c128", 128, Carrier.DOUBLES),
  BFLOAT16(16, "bf16", 16, Carrier.SHORTS),
  FLOAT8E4M3FN(17, "f8e4m3fn", 8, Carrier.BYTES),
  FLOAT8E4M3FNUZ(18, "f8e4m3fnuz", 8, Carrier.BYTES),
  FLOAT8E5M2(19, "f8e5m2", 8, Carrier.BYTES),
  FLOAT8E5M2FNUZ(20, "f8e5m2fnuz", 8, Carrier.BYTES),
  UINT4(21, "u4", 4, Carrier.BYTES),
  INT4(22, "i4", 4, Carrier.BYTES);

  /// The Java array that holds elements of a type.
  enum Carrier {
    BYTES(1),
    SHORTS(2),
    INTS(4),
    LONGS(8),
    FLOATS(4),
    DOUBLES(8),
    STRINGS(0);

    final int bytes;

    Carrier(int bytes) {
      this.bytes = bytes;
    }
  }

  private static final Map<Integer, ElementType> BY_NUMBER = new HashMap<>();
  private static final Map<String, ElementType> BY_SYMBOL = new HashMap<>();

  static {
    for (ElementType type : values()) {
      BY_NUMBER.put(type.number, type);
      BY_SYMBOL.put(type.symbol, type);
    }
  }

  private final int number;
  private final String symbol;
  private final int bits;
  private final Carrier carrier;

  ElementType(int number, String symbol, int bits, Carrier carrier) {
    this.number = number;
    this.symbol = symbol;
    this.bits = bits;
    this.carrier = carrier;
  }

  /// Returns the number that stands for this type in files and in attributes such as Cast's `to`.
  public int number() {
    return number;
  }

  /// Returns the short name, such as `f32` or `i64`.
  public String symbol() {
    return symbol;
  }

  /// Returns the size of one element in bits, 0 for strings.
  public int bits() {
    return bits;
  }

  Carrier carrier() {
    return carrier;
  }

  /// Tells whether elements are real floating-point numbers of any width.
  public boolean isFloat() {
    return switch (this) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> true;
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> true;
      case UINT4, UINT8, UINT16, UINT32, UINT64, INT4, INT8, INT16, INT32, INT64 -> false;
      case BOOL, STRING, COMPLEX64, COMPLEX128 -> false;
    };
  }

  /// Finds the type of a number in a file, or null where none has it.
  public static @Nullable ElementType ofNumber(int number) {
    return BY_NUMBER.get(number);
  }

  /// Finds the type of a short name, or null where none has it.
  public static @Nullable ElementType ofSymbol(String symbol) {
    return BY_SYMBOL.get(symbol);
  }

  @Override
  public String toString() {
    return symbol;
  }
}
