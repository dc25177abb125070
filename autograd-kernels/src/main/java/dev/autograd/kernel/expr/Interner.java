package dev.autograd.kernel.expr;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

/// Keeps one object per formula, as long as somebody holds it.
///
/// A node compares its operands by identity, which is enough since they are shared ones; so nothing
/// here or in `equals` walks a formula.
final class Interner {

  private static final Map<Expr, WeakReference<Expr>> SHARED = new WeakHashMap<>();

  private Interner() {}

  static Expr shared(Expr e) {
    synchronized (SHARED) {
      WeakReference<Expr> held = SHARED.get(e);
      Expr known = held == null ? null : held.get();
      if (known != null) {
        return known;
      }
      SHARED.put(e, new WeakReference<>(e));
      return e;
    }
  }
}
