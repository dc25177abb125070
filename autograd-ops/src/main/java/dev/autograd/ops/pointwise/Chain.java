package dev.autograd.ops.pointwise;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.spi.Pending;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One application of formulas to large tensors whose results are not computed yet.
///
/// # Note [Chains of formulas]
///
/// A pass over a large tensor costs what its memory traffic costs, so formulas that follow each
/// other are worth computing as one. An application to at least [#FEWEST] elements is therefore put
/// off. When somebody needs the values, it is computed together with the applications that its
/// inputs are waiting for, all as one kernel that reads what is there and writes what is asked for;
/// what lies between is never written anywhere. Backward is made of formulas too, and goes the same
/// way: the gradients of a whole chain are one pass, and a value of forward that only backward
/// needs is computed there.
///
/// The kernel of a structure is compiled when the structure has come [Fusion#OFTEN] times. Before,
/// its applications are computed one by one, by the kernels that each of them has anyway: a program
/// that is short, or whose graph is never the same, compiles nothing more. The bits are the same
/// either way, because formulas are put together without any change to the arithmetic of each.
///
/// A chain has at most [#LONGEST] applications; whatever would be longer begins with what has been
/// computed. A costly result that a second application asks for is computed once and kept.
final class Chain implements Pending {
  /// Elements from which on it is worth putting off: below, a pass runs in the caches.
  private static final int FEWEST = Integer.getInteger("autograd.fusion.elements", 1 << 14);

  private static final int LONGEST = 24;
  private static final int MOST_ARRAYS = 12;
  private static final int MOST_RESULTS = 32;

  /// The cost, in operations on one element, above which a result is not computed twice.
  private static final int CHEAP = 8;

  /// What is to be computed.
  private record Application(
      CompiledFormulas formulas,
      DType type,
      double[] params,
      Storage[] inputs,
      int[] offsets,
      List<Chain> before) {}

  private static final AtomicLong MADE = new AtomicLong();
  private static final Comparator<Chain> LATEST_FIRST =
      Comparator.comparingLong((Chain c) -> c.serial).reversed();

  private final long serial = MADE.incrementAndGet();
  private final ReentrantLock lock = new ReentrantLock();
  private final int n;
  private final int cost;
  private final Storage[] results;

  /// `null` once it is computed.
  private volatile @Nullable Application application;

  private Chain(int n, Application application) {
    this.n = n;
    this.application = application;
    this.cost = application.formulas.cost();
    this.results = new Storage[application.formulas.outputs().size()];
    Arrays.setAll(results, _ -> Storage.pending(application.type, n, this));
  }

  /// Applies formulas to contiguous tensors of one shape and type; returns `null` where that is not
  /// worth putting off.
  static Tensor @Nullable [] apply(
      CompiledFormulas formulas, DType type, double[] params, Tensor... in) {
    Shape shape = in[0].shape();
    if (shape.numel() < FEWEST || !Fusion.isOn()) {
      return null;
    }
    Storage[] inputs = new Storage[in.length];
    int[] offsets = new int[in.length];
    for (int i = 0; i < in.length; i++) {
      inputs[i] = in[i].memory();
      offsets[i] = in[i].offset();
    }
    List<Chain> before = before(inputs, offsets, shape.numel());
    var chain =
        new Chain(shape.numel(), new Application(formulas, type, params, inputs, offsets, before));
    boolean later = true;
    for (Storage input : inputs) {
      later &= input.readLater(chain.results[0]);
    }
    if (!later) {
      chain.compute();
    }
    Tensor[] results = new Tensor[chain.results.length];
    Arrays.setAll(results, k -> Tensor.of(chain.results[k], shape));
    return results;
  }

  /// Returns the chains that the inputs wait for, each after those that it waits for itself. Where
  /// they are too many, or one should not be computed again, some are computed.
  private static List<Chain> before(Storage[] inputs, int[] offsets, int n) {
    Set<Chain> before = new LinkedHashSet<>();
    Set<Storage> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < inputs.length; i++) {
      Storage input = inputs[i];
      Chain chain = of(input);
      Application a = chain == null ? null : chain.application;
      if (chain == null || a == null) {
        arrays.add(input);
        continue;
      }
      boolean isPart = chain.n != n || offsets[i] != 0;
      if (isPart || (chain.cost > CHEAP && input.isReadLater())) {
        chain.compute();
        arrays.add(input);
        continue;
      }
      before.addAll(a.before);
      before.add(chain);
    }
    for (Chain each : before) {
      Application own = each.application;
      if (own != null) {
        for (Storage s : own.inputs) {
          if (of(s) == null) {
            arrays.add(s);
          }
        }
      }
    }
    if (before.size() >= LONGEST || arrays.size() > MOST_ARRAYS) {
      for (Storage each : inputs) {
        each.array();
      }
      return List.of();
    }
    return List.copyOf(before);
  }

  private static @Nullable Chain of(Storage s) {
    return s.pending() instanceof Chain chain ? chain : null;
  }

  @Override
  public void compute() {
    lock.lock();
    try {
      if (application != null) {
        List<Storage> read =
            together(
                all -> {
                  Object[] arrays = all.lookUp();
                  Object[] out = new Object[results.length];
                  for (int k = 0; k < out.length; k++) {
                    out[k] = heirOf(all, results[k]);
                  }
                  all.run(out, new int[out.length], arrays);
                  for (int k = 0; k < out.length; k++) {
                    results[k].complete(out[k]);
                  }
                });
        application = null;
        read.forEach(Storage::readDone);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Gathers what is to be computed and does `work` while none of it is computed by another thread:
  /// that might give an array to a result that is being read here. Returns the arrays' storages.
  ///
  /// Locks are taken from the latest chain to the earliest, by all threads, so never in a circle.
  private List<Storage> together(Consumer<Gathering> work) {
    while (true) {
      Application own = application;
      if (own == null) {
        throw new IllegalStateException("chain: the values are not pending");
      }
      Gathering all = gather(own);
      List<Chain> locked = all.chains.stream().filter(c -> c != this).sorted(LATEST_FIRST).toList();
      locked.forEach(c -> c.lock.lock());
      try {
        if (locked.stream().noneMatch(c -> c.application == null)) {
          work.accept(all);
          return all.arrays;
        }
      } finally {
        locked.forEach(c -> c.lock.unlock());
      }
    }
  }

  /// Returns the array for a result: that of an input which nobody needs any more, or another. One
  /// of several results would overwrite what the others are computed from, and one that is read
  /// later what it is computed from in that.
  private Object heirOf(Gathering all, Storage result) {
    boolean mayOverwrite = results.length == 1 && !result.isReadLater();
    for (int i = 0; i < all.arrays.size() && mayOverwrite; i++) {
      Storage s = all.arrays.get(i);
      if (all.offsets.get(i) == 0 && s.length() == n && s.dtype() == result.dtype()) {
        Object array = s.inherit(result);
        if (array != null) {
          return array;
        }
      }
    }
    return Storage.empty(result.dtype(), n).array();
  }

  /// Tells whether the values can be computed into `target` although they may be computed from it.
  static boolean canComputeInto(Tensor source, Tensor target) {
    Chain chain = of(source.memory());
    if (chain == null
        || chain.results.length != 1
        || !source.isContiguous()
        || !target.isContiguous()
        || source.offset() != 0
        || source.numel() != chain.n
        || source.dtype() != target.dtype()) {
      return false;
    }
    Application own = chain.application;
    if (own == null) {
      return false;
    }
    Gathering all = chain.gather(own);
    for (int i = 0; i < all.arrays.size(); i++) {
      if (all.arrays.get(i) == target.memory() && all.offsets.get(i) != target.offset()) {
        return false;
      }
    }
    return true;
  }

  /// Computes the values into `target`; they are not kept here.
  static void computeInto(Tensor source, Tensor target) {
    Chain chain = of(source.memory());
    if (chain == null) {
      throw new IllegalStateException("chain: the values are not pending");
    }
    Object[] out = {target.memory().array()};
    int[] outOffsets = {target.offset()};
    List<Storage> read = chain.together(all -> all.run(out, outOffsets, all.lookUp()));
    chain.application = null;
    read.forEach(Storage::readDone);
  }

  /// Collects what is to be computed, from what is there.
  private Gathering gather(Application own) {
    IdentityHashMap<Chain, Application> needed = new IdentityHashMap<>();
    needed.put(this, own);
    mark(own, needed);
    List<Chain> before = own.before;
    for (int i = before.size() - 1; i >= 0; i--) {
      Application a = needed.get(before.get(i));
      if (a != null) {
        mark(a, needed);
      }
    }
    Gathering all = new Gathering(own.type, n);
    for (Chain chain : before) {
      Application a = needed.get(chain);
      if (a != null) {
        all.add(chain, a);
      }
    }
    all.add(this, own);
    return all;
  }

  /// Notes what the inputs of an application wait for, as it is now: another thread may compute it
  /// meanwhile.
  private static void mark(Application a, IdentityHashMap<Chain, Application> needed) {
    for (Storage input : a.inputs) {
      Chain chain = of(input);
      Application of = chain == null ? null : chain.application;
      if (chain != null && of != null) {
        needed.putIfAbsent(chain, of);
      }
    }
  }

  /// Applications that are computed together, and the arrays that they begin with.
  private static final class Gathering {
    private final DType type;
    private final int n;
    private final List<Chain> chains = new ArrayList<>();
    private final List<Application> applications = new ArrayList<>();
    private final List<Storage> arrays = new ArrayList<>();
    private final List<Integer> offsets = new ArrayList<>();

    /// Where each input of each application comes from: an array, or, as the complement, result `r
    /// % MOST_RESULTS` of application `r / MOST_RESULTS`.
    private final List<Integer> wiring = new ArrayList<>();

    Gathering(DType type, int n) {
      this.type = type;
      this.n = n;
    }

    void add(Chain chain, Application a) {
      for (int i = 0; i < a.inputs.length; i++) {
        wiring.add(source(a.inputs[i], a.offsets[i]));
      }
      chains.add(chain);
      applications.add(a);
    }

    private int source(Storage input, int offset) {
      for (int c = 0; c < chains.size(); c++) {
        Storage[] results = chains.get(c).results;
        for (int k = 0; k < results.length; k++) {
          if (results[k] == input) {
            return ~(c * MOST_RESULTS + k);
          }
        }
      }
      for (int i = 0; i < arrays.size(); i++) {
        if (arrays.get(i) == input && offsets.get(i) == offset) {
          return i;
        }
      }
      arrays.add(input);
      offsets.add(offset);
      return arrays.size() - 1;
    }

    Object[] lookUp() {
      Object[] found = new Object[arrays.size()];
      Arrays.setAll(found, i -> arrays.get(i).array());
      return found;
    }

    /// Computes the results of the last application from the arrays that [#lookUp] found.
    void run(Object[] out, int[] outOffsets, Object[] in) {
      if (applications.size() > 1) {
        CompiledFormulas fused = Fusion.find(type, wiring, formulas(), this::fused);
        if (fused != null) {
          int[] at = offsets.stream().mapToInt(Integer::intValue).toArray();
          fused.runInto(type, n, params(), out, outOffsets, in, at);
          return;
        }
        for (Chain chain : chains.subList(0, chains.size() - 1)) {
          chain.compute();
        }
      }
      Application last = applications.getLast();
      Object[] from = new Object[last.inputs.length];
      int first = wiring.size() - from.length;
      for (int i = 0; i < from.length; i++) {
        int source = wiring.get(first + i);
        from[i] = source < 0 ? last.inputs[i].array() : in[source];
      }
      last.formulas.runInto(type, n, last.params, out, outOffsets, from, last.offsets);
    }

    private List<CompiledFormulas> formulas() {
      return applications.stream().map(Application::formulas).toList();
    }

    private double[] params() {
      return applications.stream().flatMapToDouble(a -> Arrays.stream(a.params)).toArray();
    }

    /// Puts the formulas together: results take the places of the inputs that they are.
    private List<Expr> fused() {
      List<List<Expr>> done = new ArrayList<>();
      int wire = 0;
      int params = 0;
      for (Application a : applications) {
        int from = wire;
        int shift = params;
        List<Expr> results = new ArrayList<>();
        for (Expr formula : a.formulas.outputs()) {
          results.add(
              ExprWalk.rewrite(
                  formula,
                  e ->
                      switch (e) {
                        case Expr.Input i -> operand(wiring.get(from + i.index()), done);
                        case Expr.Param p -> Expr.param(p.index() + shift);
                        default -> e;
                      }));
        }
        done.add(results);
        wire += a.inputs.length;
        params += a.params.length;
      }
      return done.getLast();
    }

    private static Expr operand(int source, List<List<Expr>> done) {
      return source >= 0
          ? Expr.input(source)
          : done.get(~source / MOST_RESULTS).get(~source % MOST_RESULTS);
    }
  }
}
