package dev.autograd.kernel.linalg;

import dev.autograd.kernel.Simd;

/// The tiles of this machine. The vector forms are loaded only where they can run.
final class Tiles {
  static final TileF32 F32 = Simd.live() ? new VectorTileF32() : new ScalarTileF32();
  static final TileF64 F64 = Simd.live() ? new VectorTileF64() : new ScalarTileF64();

  private Tiles() {}
}
