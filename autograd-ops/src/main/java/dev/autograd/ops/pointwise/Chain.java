package dev.autograd.ops.pointwise;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Operand;
import dev.autograd.kernel.expr.PointwiseKernel;
import dev.autograd.spi.Pending;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
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
///
/// Inputs may broadcast, and may be views: see [Steps]. What such an input waits for itself is
/// computed first. Small arrays of the program's, a scale say, are copied.
///
/// # Note [What ends a chain]
///
/// A reduction or a normalisation reads its operand once, in order. Where that is pending, its
/// kernel has each stretch computed just before it reads it ([#read]), so that the values are read
/// from the caches. They go either to an array that is kept, or, if they are cheap or nobody else
/// is known to need them, to a few kilobytes of each thread; then they stay pending. Should they be
/// needed a second time they are computed as a whole and kept, so nothing is computed more than
/// twice.
final class Chain implements Pending {
  /// Elements from which on it is worth putting off: below, a pass runs in the caches.
  private static final int FEWEST = Integer.getInteger("autograd.fusion.elements", 1 << 14);

  /// Elements that are worth computing at a time.
  private static final int SHORTEST_STRETCH = Math.min(128, FEWEST);

  private static final int LONGEST = 24;
  private static final int MOST_ARRAYS = 12;
  private static final int MOST_RESULTS = 32;

  /// How many times smaller than the results an input is that is copied rather than read at once.
  private static final int MUCH_SMALLER = 16;

  /// The number of arrays up to which reading them again costs no more than keeping a result.
  private static final int FEW_ARRAYS = 2;

  /// The cost, in operations on one element, above which a result is not computed twice.
  private static final int CHEAP = 8;

  /// What is to be computed.
  private record Application(
      CompiledFormulas formulas,
      DType type,
      double[] params,
      Storage[] inputs,
      int[] offsets,
      @Nullable Steps[] steps,
      List<Chain> before,
      int arrays) {}

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

  /// Whether the values are sure to be asked for.
  private volatile boolean isNeeded;

  /// Whether the values were read without being kept.
  private volatile boolean wasRead;

  private Chain(int n, Application application) {
    this.n = n;
    this.application = application;
    boolean isScattered = false;
    for (Steps s : application.steps) {
      isScattered |= s != null && s.isScattered();
    }
    this.cost = application.formulas.cost() + (isScattered ? CHEAP : 0);
    this.results = new Storage[application.formulas.outputs().size()];
    Arrays.setAll(results, _ -> Storage.pending(application.type, n, this));
  }

  /// Applies formulas to tensors of the type they are computed in, and to truth values where they
  /// are conditions; returns `null` where that is not worth putting off.
  static Tensor @Nullable [] apply(
      CompiledFormulas formulas, DType type, double[] params, Tensor... in) {
    Shape shape = shape(formulas, type, in);
    if (shape == null || !Fusion.isOn()) {
      return null;
    }
    int n = shape.numel();
    Storage[] inputs = new Storage[in.length];
    int[] offsets = new int[in.length];
    @Nullable Steps[] steps = new Steps[in.length];
    for (int i = 0; i < in.length; i++) {
      inputs[i] = in[i].memory();
      offsets[i] = in[i].offset();
      steps[i] = in[i].isContiguous() && in[i].numel() == n ? null : Steps.of(in[i], shape);
    }
    Application application = application(formulas, type, params, inputs, offsets, steps, n);
    var chain = new Chain(n, application);
    boolean later = true;
    for (int i = 0; i < in.length; i++) {
      later &= inputs[i].readLater(chain.results[0]) || copied(i, in[i], shape, application);
    }
    if (!later) {
      chain.compute();
    }
    Tensor[] results = new Tensor[chain.results.length];
    Arrays.setAll(results, k -> Tensor.of(chain.results[k], shape));
    return results;
  }

  /// Returns the shape of the results, `null` if they are few or the inputs need conversion.
  private static @Nullable Shape shape(CompiledFormulas formulas, DType type, Tensor... in) {
    Shape shape = in[0].shape();
    boolean same = true;
    for (int i = 1; i < in.length; i++) {
      same &= in[i].shape().equals(shape);
    }
    if (!same) {
      long most = 1;
      for (Tensor t : in) {
        most = Math.min(Integer.MAX_VALUE, most * t.numel());
      }
      if (most < FEWEST) {
        return null;
      }
      for (int i = 1; i < in.length; i++) {
        shape = Shape.broadcast(formulas.name(), shape, in[i].shape());
      }
    }
    if (shape.numel() < FEWEST) {
      return null;
    }
    for (int i = 0; i < in.length; i++) {
      if (in[i].dtype() != type && !formulas.isCondition(i)) {
        return null;
      }
    }
    return shape;
  }

  /// Copies a small input that somebody may write unseen; returns whether it is small.
  private static boolean copied(int i, Tensor t, Shape shape, Application application) {
    int count = t.numel();
    if (count > shape.numel() / MUCH_SMALLER || !t.isContiguous()) {
      return false;
    }
    Storage copy = Storage.empty(t.dtype(), count);
    System.arraycopy(t.memory().array(), t.offset(), copy.array(), 0, count);
    application.inputs[i] = copy;
    application.offsets[i] = 0;
    return true;
  }

  /// Returns the application, with the chains that its inputs wait for, each after those that it
  /// waits for itself. Where they are too many, or one should not be computed again, some are
  /// computed.
  private static Application application(
      CompiledFormulas formulas,
      DType type,
      double[] params,
      Storage[] inputs,
      int[] offsets,
      @Nullable Steps[] steps,
      int n) {
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
      boolean isPart = chain.n != n || offsets[i] != 0 || steps[i] != null || a.type != type;
      if (isPart || !chain.mayBeComputedAgain(input, a)) {
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
    List<Chain> all = List.copyOf(before);
    if (before.size() >= LONGEST || arrays.size() > MOST_ARRAYS) {
      for (Storage each : inputs) {
        each.array();
      }
      all = List.of();
    }
    return new Application(formulas, type, params, inputs, offsets, steps, all, arrays.size());
  }

  /// Tells whether a result is better computed once more than kept.
  private boolean mayBeComputedAgain(Storage result, Application own) {
    if (wasRead) {
      return cost <= CHEAP && own.arrays <= FEW_ARRAYS;
    }
    return cost <= CHEAP || !result.isReadLater();
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
                  Object[] out = heirs(all);
                  all.prepared(arrays).run(out, new int[out.length]);
                  complete(out);
                });
        application = null;
        read.forEach(Storage::readDone);
      }
    } finally {
      lock.unlock();
    }
  }

  private Object[] heirs(Gathering all) {
    Object[] out = new Object[results.length];
    for (int k = 0; k < out.length; k++) {
      out[k] = heirOf(all, results[k]);
    }
    return out;
  }

  private void complete(Object[] out) {
    for (int k = 0; k < out.length; k++) {
      results[k].complete(out[k]);
    }
  }

  /// Notes that the values of a tensor are sure to be asked for, so that whoever reads them should
  /// keep them.
  static void keep(Tensor x, boolean ifCostly) {
    Chain chain = of(x.memory());
    if (chain != null && (!ifCostly || chain.cost > CHEAP)) {
      chain.isNeeded = true;
    }
  }

  /// Lets `reader` read the elements of a contiguous tensor, each once; see Note [What ends a
  /// chain].
  ///
  /// @param keep whether the values are needed later as well
  static void read(Tensor x, boolean keep, int stretch, Consumer<Inflow> reader) {
    Storage values = x.memory();
    Chain chain = of(values);
    boolean isWhole =
        chain != null
            && x.offset() == 0
            && x.numel() == chain.n
            && x.isContiguous()
            && stretch >= SHORTEST_STRETCH;
    if (chain == null || !isWhole || !chain.tryRead(keep, reader)) {
      reader.accept(Inflow.of(values.array(), x.offset()));
    }
  }

  private boolean tryRead(boolean keep, Consumer<Inflow> reader) {
    lock.lock();
    try {
      if (application == null || results.length > 1) {
        return false;
      }
      boolean kept = keep || isNeeded || wasRead || (cost > CHEAP && results[0].isReadLater());
      DType type = results[0].dtype();
      List<Storage> read =
          together(
              all -> {
                Gathering.Prepared work = all.prepared(all.lookUp());
                if (kept) {
                  Object[] out = heirs(all);
                  reader.accept(work.inflow(type, out));
                  complete(out);
                } else {
                  wasRead = true;
                  reader.accept(work.inflow(type, null));
                }
              });
      if (kept) {
        application = null;
        read.forEach(Storage::readDone);
      }
      return true;
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
      if (s.length() == n && s.dtype() == result.dtype() && all.isReadInOrder(s)) {
        Object array = s.inherit(result);
        if (array != null) {
          return array;
        }
      }
    }
    return Storage.emptyArray(result.dtype(), n);
  }

  @Override
  public boolean canComputeInto(Tensor source, Tensor target) {
    Application own = application;
    if (own == null
        || results.length != 1
        || !source.isContiguous()
        || !target.isContiguous()
        || source.offset() != 0
        || source.numel() != n
        || source.dtype() != target.dtype()) {
      return false;
    }
    Gathering all = gather(own);
    for (int i = 0; i < all.arrays.size(); i++) {
      if (all.arrays.get(i) == target.memory()
          && (all.offsets.get(i) != target.offset() || all.steps.get(i) != null)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void computeInto(Tensor source, Tensor target) {
    Object[] out = {target.memory().array()};
    int[] outOffsets = {target.offset()};
    List<Storage> read = together(all -> all.prepared(all.lookUp()).run(out, outOffsets));
    application = null;
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
    private final List<@Nullable Steps> steps = new ArrayList<>();

    /// Where each input of each application comes from: an array, or, as the complement, result `r
    /// % MOST_RESULTS` of application `r / MOST_RESULTS`.
    private final List<Integer> wiring = new ArrayList<>();

    Gathering(DType type, int n) {
      this.type = type;
      this.n = n;
    }

    void add(Chain chain, Application a) {
      for (int i = 0; i < a.inputs.length; i++) {
        wiring.add(source(a.inputs[i], a.offsets[i], a.steps[i]));
      }
      chains.add(chain);
      applications.add(a);
    }

    private int source(Storage input, int offset, @Nullable Steps step) {
      for (int c = 0; c < chains.size(); c++) {
        Storage[] results = chains.get(c).results;
        for (int k = 0; k < results.length; k++) {
          if (results[k] == input) {
            return ~(c * MOST_RESULTS + k);
          }
        }
      }
      for (int i = 0; i < arrays.size(); i++) {
        if (arrays.get(i) == input
            && offsets.get(i) == offset
            && Objects.equals(steps.get(i), step)) {
          return i;
        }
      }
      arrays.add(input);
      offsets.add(offset);
      steps.add(step);
      return arrays.size() - 1;
    }

    /// Tells whether element i of a storage is only read for element i of the results.
    boolean isReadInOrder(Storage s) {
      for (int i = 0; i < arrays.size(); i++) {
        if (arrays.get(i) == s && (offsets.get(i) != 0 || steps.get(i) != null)) {
          return false;
        }
      }
      return true;
    }

    Object[] lookUp() {
      Object[] found = new Object[arrays.size()];
      Arrays.setAll(found, i -> arrays.get(i).array());
      return found;
    }

    /// Gets ready to compute the results of the last application from the arrays that [#lookUp]
    /// found.
    Prepared prepared(Object[] in) {
      if (applications.size() > 1) {
        int[] dims = Steps.common(n, steps);
        CompiledFormulas fused =
            dims == null ? null : Fusion.find(type, wiring, formulas(), this::fused);
        if (dims != null && fused != null) {
          return new Prepared(fused, params(), operands(in, dims), dims);
        }
        for (Chain chain : chains.subList(0, chains.size() - 1)) {
          chain.compute();
        }
      }
      Application last = applications.getLast();
      int count = last.inputs.length;
      int first = wiring.size() - count;
      List<@Nullable Steps> own = Arrays.asList(last.steps);
      int[] dims = Objects.requireNonNull(Steps.common(n, own));
      Operand[] from = new Operand[count];
      for (int i = 0; i < count; i++) {
        int source = wiring.get(first + i);
        Object array = source < 0 ? last.inputs[i].array() : in[source];
        from[i] = new Operand(array, last.offsets[i], Steps.along(dims, own.get(i)));
      }
      return new Prepared(last.formulas, last.params, from, dims);
    }

    private Operand[] operands(Object[] in, int[] dims) {
      Operand[] all = new Operand[in.length];
      for (int i = 0; i < in.length; i++) {
        all[i] = new Operand(in[i], offsets.get(i), Steps.along(dims, steps.get(i)));
      }
      return all;
    }

    /// Formulas, and what they are computed from.
    final class Prepared {
      private final PointwiseKernel kernel;
      private final double[] params;
      private final Operand[] in;
      private final int[] dims;

      private Prepared(CompiledFormulas formulas, double[] params, Operand[] in, int[] dims) {
        this.kernel = formulas.kernel(type, type);
        this.params = params;
        this.in = in;
        this.dims = dims;
      }

      /// Computes everything.
      void run(Object[] out, int[] outOffsets) {
        int[] strides = Steps.along(dims, null);
        Operand[] all = new Operand[out.length];
        Arrays.setAll(all, k -> new Operand(out[k], outOffsets[k], strides));
        kernel.run(dims, params, all, in);
      }

      /// Returns a way to compute the elements of the only result as they are read.
      ///
      /// @param out where they are kept, `null` if they are not
      Inflow inflow(DType result, Object @Nullable [] out) {
        return capacity -> {
          Object[] own = out == null ? new Object[] {result.newArray(capacity)} : out;
          var stretches = kernel.stretches(dims, params, own, in, capacity);
          return new Inflow.Window() {
            @Override
            public Object array() {
              return own[0];
            }

            @Override
            public int at(int from, int count, int slot) {
              int to = out == null ? slot : from;
              stretches.compute(from, from + count, from - to);
              return to;
            }
          };
        };
      }
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
