package dev.autograd;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The tensors with a history that were made in anomaly mode and are still there, for who asks what
/// keeps a graph alive. Holds none of them.
final class LiveTensors {
  private static final Set<WeakReference<Tensor>> KNOWN = ConcurrentHashMap.newKeySet();
  private static final ReferenceQueue<Tensor> GONE = new ReferenceQueue<>();

  private LiveTensors() {}

  static void add(Tensor made) {
    for (var gone = GONE.poll(); gone != null; gone = GONE.poll()) {
      KNOWN.remove(gone);
    }
    KNOWN.add(new WeakReference<>(made, GONE));
  }

  static List<Tensor> all() {
    List<Tensor> live = new ArrayList<>();
    for (WeakReference<Tensor> known : KNOWN) {
      Tensor t = known.get();
      if (t != null && t.gradFn() != null) {
        live.add(t);
      }
    }
    return live;
  }
}
