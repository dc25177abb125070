package dev.autograd.kernel.expr;

/// The operations of a scalar loop over longs: generated code calls them by name.
@SuppressWarnings("ShortCircuitBoolean") // a loop without branches can become vectors
final class LongOps {

  private LongOps() {}

  static long neg(long x) {
    return -x;
  }

  static long abs(long x) {
    return Math.abs(x);
  }

  static long sign(long x) {
    return Long.signum(x);
  }

  static long floor(long x) {
    return x;
  }

  static long ceil(long x) {
    return x;
  }

  static long round(long x) {
    return x;
  }

  static long trunc(long x) {
    return x;
  }

  static long add(long a, long b) {
    return a + b;
  }

  static long sub(long a, long b) {
    return a - b;
  }

  static long mul(long a, long b) {
    return a * b;
  }

  static long div(long a, long b) {
    return a / b;
  }

  static long rem(long a, long b) {
    return a % b;
  }

  static long min(long a, long b) {
    return Math.min(a, b);
  }

  static long max(long a, long b) {
    return Math.max(a, b);
  }

  static long fma(long a, long b, long c) {
    return a * b + c;
  }

  static boolean lt(long a, long b) {
    return a < b;
  }

  static boolean le(long a, long b) {
    return a <= b;
  }

  static boolean gt(long a, long b) {
    return a > b;
  }

  static boolean ge(long a, long b) {
    return a >= b;
  }

  static boolean eq(long a, long b) {
    return a == b;
  }

  static boolean ne(long a, long b) {
    return a != b;
  }

  static boolean isNan(long x) {
    return false;
  }

  static boolean not(boolean a) {
    return !a;
  }

  static boolean and(boolean a, boolean b) {
    return a & b;
  }

  static boolean or(boolean a, boolean b) {
    return a | b;
  }

  static long select(boolean c, long a, long b) {
    return c ? a : b;
  }
}
