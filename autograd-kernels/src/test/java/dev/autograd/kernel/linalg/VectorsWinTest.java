package dev.autograd.kernel.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.support.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Test;

class VectorsWinTest {

  @Test
  void theVectorFormsServeOnceTheyAreCompiled() throws Exception {
    assumeTrue(Simd.available());
    var options = List.of("--add-modules", "jdk.incubator.vector");
    assertThat(ChildJvm.start(AwaitVectors.class, Gemm.class, options).output())
        .isEqualTo("plain first true, vectors in the end true");
  }

  @Test
  void withoutTheVectorModuleThePlainFormsServe() throws Exception {
    assertThat(ChildJvm.start(PlainOnly.class, Gemm.class, List.of()).output())
        .isEqualTo("ScalarTileF32 ScalarTileF64");
  }
}
