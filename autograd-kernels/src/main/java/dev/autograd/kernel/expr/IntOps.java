// Twin: LongOps.java, i32 as i64, by tools/TwinSources.java.
package dev.autograd.kernel.expr;

/// The operations of a scalar loop over ints: generated code calls them by name.
@SuppressWarnings("ShortCircuitBoolean") // a loop without branches can become vectors
final class IntOps {

  private IntOps() {}

  static int neg(int x) {
    return -x;
  }

  static int abs(int x) {
    return Math.abs(x);
  }

  static int sign(int x) {
    return Integer.signum(x);
  }

  static int floor(int x) {
    return x;
  }

  static int ceil(int x) {
    return x;
  }

  static int round(int x) {
    return x;
  }

  static int trunc(int x) {
    return x;
  }

  static int add(int a, int b) {
    return a + b;
  }

  static int sub(int a, int b) {
    return a - b;
  }

  static int mul(int a, int b) {
    return a * b;
  }

  static int div(int a, int b) {
    return a / b;
  }

  static int rem(int a, int b) {
    return a % b;
  }

  static int min(int a, int b) {
    return Math.min(a, b);
  }

  static int max(int a, int b) {
    return Math.max(a, b);
  }

  static int fma(int a, int b, int c) {
    return a * b + c;
  }

  static boolean lt(int a, int b) {
    return a < b;
  }

  static boolean le(int a, int b) {
    return a <= b;
  }

  static boolean gt(int a, int b) {
    return a > b;
  }

  static boolean ge(int a, int b) {
    return a >= b;
  }

  static boolean eq(int a, int b) {
    return a == b;
  }

  static boolean ne(int a, int b) {
    return a != b;
  }

  static boolean isNan(int x) {
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

  static int select(boolean c, int a, int b) {
    return c ? a : b;
  }
}
