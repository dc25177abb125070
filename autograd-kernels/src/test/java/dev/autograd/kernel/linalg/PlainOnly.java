package dev.autograd.kernel.linalg;

/// A program that prints which tiles serve.
final class PlainOnly {
  private PlainOnly() {}

  /// Prints the names of the tiles.
  public static void main(String[] args) {
    System.out.println(
        Tiles.f32().getClass().getSimpleName() + " " + Tiles.f64().getClass().getSimpleName());
  }
}
