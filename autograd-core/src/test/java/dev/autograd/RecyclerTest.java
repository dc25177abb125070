package dev.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecyclerTest {
  /// A length that no other test uses.
  private static final int N = 54_321;

  @Test
  void arraysThatWereNeededOnceOnlyAreLetGo() {
    List<Storage> many = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      many.add(Storage.empty(DType.F32, N));
    }
    many.forEach(Recycler::give);
    assertThat(Recycler.free(DType.F32, N)).isEqualTo(5);
    // From here on two at a time are enough.
    for (int i = 0; i < 2 * Recycler.PERIOD; i++) {
      Storage a = Storage.empty(DType.F32, N);
      Storage b = Storage.empty(DType.F32, N);
      Recycler.give(a);
      Recycler.give(b);
    }
    assertThat(Recycler.free(DType.F32, N)).isEqualTo(2);
  }

  @Test
  void theArrayThatCameBackLastIsTakenFirst() {
    Storage a = Storage.empty(DType.F64, N);
    Object array = a.array();
    Recycler.give(a);
    assertThat(Storage.empty(DType.F64, N).array()).isSameAs(array);
  }

  @Test
  void aScopeGivesBackWhatNobodyElseHas() {
    int n = N + 1;
    Storage shown;
    try (TensorScope scope = TensorScope.open()) {
      Storage.empty(DType.F32, n);
      Storage.zeros(DType.F32, n);
      shown = Storage.empty(DType.F32, n);
      shown.expose();
      scope.keep(Tensor.of(Storage.empty(DType.F32, n), Shape.of(n)));
      Recycler.give(Storage.empty(DType.F32, n));
      assertThat(Recycler.free(DType.F32, n)).isEqualTo(1);
    }
    assertThat(Recycler.free(DType.F32, n)).isEqualTo(3);
    Object array = shown.array();
    for (int i = 0; i < 3; i++) {
      assertThat(Storage.empty(DType.F32, n).array()).isNotSameAs(array);
    }
  }
}
