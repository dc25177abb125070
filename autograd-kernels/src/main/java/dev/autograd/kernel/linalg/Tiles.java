package dev.autograd.kernel.linalg;

/// Chooses the tiles of this machine once.
final class Tiles {
  static final TileF32 F32 = vector() ? new VectorTileF32() : new ScalarTileF32();
  static final TileF64 F64 = vector() ? new VectorTileF64() : new ScalarTileF64();
  private Tiles() {}
  private static boolean vector() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        && !"off".equals(System.getProperty("autograd.simd"));
  }
}
