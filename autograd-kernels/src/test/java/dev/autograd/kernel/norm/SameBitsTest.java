package dev.autograd.kernel.norm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.linalg.Gemm;
import dev.autograd.kernel.support.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SameBitsTest {

  @Test
  void everyVectorWidthAndPlainJavaGiveTheSameBits() throws Exception {
    var runs = new ArrayList<ChildJvm>();
    runs.add(ChildJvm.start(Digest.class, Gemm.class, List.of("-Dautograd.threads=1")));
    for (String width : new String[] {"off", "128", "256", "512"}) {
      List<String> options =
          List.of(
              "--add-modules",
              "jdk.incubator.vector",
              "-Dautograd.simd=" + width,
              "-Dautograd.threads=" + (width.equals("256") ? "3" : "1"));
      runs.add(ChildJvm.start(Digest.class, Gemm.class, options));
    }
    var results = new ArrayList<String>();
    for (ChildJvm run : runs) {
      results.add(run.output());
    }
    String bits = results.get(0).substring(2);
    assertThat(results)
        .containsExactly("0 " + bits, "0 " + bits, "128 " + bits, "256 " + bits, "512 " + bits);
  }
}
