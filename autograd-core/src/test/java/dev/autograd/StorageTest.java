package dev.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What storages know of those that will be computed from them.
class StorageTest {

  @Test
  void manyReadersThatAreNeverComputedDoNotSlowDownTheNext() {
    Storage x = Storage.zeros(DType.F32, 1);
    List<Storage> alive = new ArrayList<>();
    // Were all looked at for each new one, this would take minutes.
    assertTimeout(
        Duration.ofSeconds(20),
        () -> {
          for (int i = 0; i < 300_000; i++) {
            Storage reader = Storage.pending(DType.F32, 1, () -> {});
            assertThat(x.readLater(reader)).isTrue();
            alive.add(reader);
          }
        });
    assertThat(x.isReadLater()).isTrue();
    assertThat(alive).hasSize(300_000);
  }

  @Test
  void readersThatAreComputedOrGivenUpAreForgotten() {
    Storage x = Storage.zeros(DType.F32, 1);
    Storage first = Storage.pending(DType.F32, 1, () -> {});
    Storage second = Storage.pending(DType.F32, 1, () -> {});
    x.readLater(first);
    x.readLater(second);
    first.complete(new float[1]);
    assertThat(x.isReadLater()).isTrue();
    second.complete(new float[1]);
    assertThat(x.isReadLater()).isFalse();
  }
}
