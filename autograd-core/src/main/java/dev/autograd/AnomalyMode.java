package dev.autograd;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds where numbers go bad, and says which line of the program is behind an error of backward.
///
/// ```java
/// try (var _ = AnomalyMode.detect()) {
///   loss(x).backward(); // throws at the first backward that returns NaN
/// }
/// ```
///
/// While it is on, every node notes the lines of the program that recorded it, and every error of a
/// backward carries those of its node along, as a suppressed exception that prints like a stack
/// trace. The results of every node are checked. This slows everything down. When it is off, it
/// costs one look at a field for every operation.
///
/// The mode is one for all threads, since backward may run on another one than the forward pass.
public final class AnomalyMode {
  private static volatile @Nullable Options active;

  /// Whether forward passes are checked, kept apart for the doorway.
  private static volatile boolean checksForward;

  private AnomalyMode() {}

  /// Which numbers are bad.
  public enum Check {
    /// None: only places are noted.
    NONE,
    /// Not-a-number.
    NAN,
    /// Positive and negative infinity.
    INFINITY,
    /// Not-a-number and both infinities.
    NAN_OR_INFINITY
  }

  /// What the mode does.
  ///
  /// @param check which numbers are bad
  /// @param forward whether the results of operations are checked too, and not of their backward
  ///   only
  /// @param lines how many lines of the program are noted for each node
  /// @param except operations whose results are not checked, by name
  public record Options(Check check, boolean forward, int lines, Set<String> except) {
    private static final Options DEFAULTS = new Options(Check.NAN, false, 8, Set.of());

    /// Checks the arguments.
    ///
    /// @throws AutogradException (`ARGUMENT`) if `lines` is negative
    public Options {
      Objects.requireNonNull(check);
      except = Set.copyOf(except);
      if (lines < 0) {
        throw new AutogradException(
            ErrorKind.ARGUMENT,
            "anomaly mode: the number of lines must be 0 or more, got " + lines);
      }
    }

    /// Looks for NaN in backward, and notes eight lines.
    public static Options defaults() {
      return DEFAULTS;
    }

    /// Returns these options with other bad numbers.
    public Options check(Check other) {
      return new Options(other, forward, lines, except);
    }

    /// Returns these options with forward passes checked too.
    public Options andForward() {
      return new Options(check, true, lines, except);
    }

    /// Returns these options with other operations left out.
    public Options except(String... operations) {
      return new Options(check, forward, lines, Set.of(operations));
    }

    boolean isBad(double x) {
      return switch (check) {
        case NONE -> false;
        case NAN -> Double.isNaN(x);
        case INFINITY -> Double.isInfinite(x);
        case NAN_OR_INFINITY -> !Double.isFinite(x);
      };
    }

    boolean concerns(Operation operation) {
      return check != Check.NONE && (except.isEmpty() || !except.contains(operation.name()));
    }
  }

  /// Restores what was set before.
  public static final class Scope implements AutoCloseable {
    private final @Nullable Options before;

    private Scope(@Nullable Options before) {
      this.before = before;
    }

    @Override
    public void close() {
      set(before);
    }
  }

  /// Looks for NaN in backward until the scope closes.
  public static Scope detect() {
    return detect(Options.defaults());
  }

  /// Looks for these numbers in backward until the scope closes.
  public static Scope detect(Check check) {
    return detect(Options.defaults().check(check));
  }

  /// Switches the mode on with these options until the scope closes.
  public static Scope detect(Options options) {
    Scope scope = new Scope(active);
    set(Objects.requireNonNull(options));
    return scope;
  }

  /// Switches the mode on, with its defaults, or off, until the scope closes.
  public static Scope setEnabled(boolean enabled) {
    Scope scope = new Scope(active);
    set(enabled ? Options.defaults() : null);
    return scope;
  }

  /// Tells whether the mode is on.
  public static boolean isEnabled() {
    return active != null;
  }

  private static void set(@Nullable Options options) {
    active = options;
    checksForward = options != null && options.forward && options.check != Check.NONE;
  }

  static boolean checksForward() {
    return checksForward;
  }

  // --- places ----------------------------------------------------------------------------------

  /// Returns the lines of the program that run now, if the mode is on.
  static @Nullable ForwardPlace placeIfOn() {
    Options options = active;
    return options == null ? null : ForwardPlace.here(options.lines);
  }

  /// Attaches the place of `node` to an error of its backward.
  static void explain(Throwable error, Node node) {
    if (active != null && node instanceof FunctionNode f) {
      error.addSuppressed(ForwardPlace.note(f));
    }
  }

  // --- checks ----------------------------------------------------------------------------------

  /// Holds the gradients that `node` returned against the options, if the mode is on.
  static void checkBackward(Node node, @Nullable Tensor[] g, @Nullable Tensor[] out) {
    Options options = active;
    if (options == null || !(node instanceof FunctionNode f) || !options.concerns(f.operation())) {
      return;
    }
    for (int i = 0; i < out.length; i++) {
      Tensor dx = out[i];
      Extent extent = dx == null || f.nextNode(i) == null ? null : Extent.of(dx, options::isBad);
      if (extent != null && extent.bad() > 0) {
        throw new AnomalyException(
            f.name()
                + ": its backward returned "
                + extent.described(options.check)
                + " as the gradient of input "
                + i
                + ". It was given "
                + listed("gradient", Arrays.asList(g))
                + savedOf(f)
                + ". "
                + ForwardPlace.sentence(f),
            f.operation(),
            true,
            i,
            f.forwardPlace());
      }
    }
  }

  private static String savedOf(FunctionNode f) {
    List<@Nullable Tensor> saved =
        Arrays.stream(f.sharedSaved().toArray())
            .<@Nullable Tensor>map(SavedTensor::tensorOrNull)
            .toList();
    return saved.isEmpty() ? "" : "; forward had saved " + listed("value", saved);
  }

  /// Runs an operation and checks its results, unless it is part of another one.
  static Tensor[] checked(ThreadState state, Operation operation, Tensor[] in) {
    Options options = active;
    BackwardCall walk = state.walk;
    boolean inBackward = walk != null && walk.running() != null;
    if (options == null || state.checking || inBackward || !options.concerns(operation)) {
      return Doorway.unchecked(state, operation, in);
    }
    Tensor[] out;
    state.checking = true;
    try {
      out = Doorway.unchecked(state, operation, in);
    } finally {
      state.checking = false;
    }
    for (int i = 0; i < out.length; i++) {
      Extent extent = Extent.of(out[i], options::isBad);
      if (extent.bad() > 0) {
        ForwardPlace place = ForwardPlace.here(options.lines);
        throw new AnomalyException(
            operation.name()
                + ": returned "
                + extent.described(options.check)
                + " as output "
                + i
                + ". It was given "
                + listed("input", Arrays.asList(in))
                + (place.lines().isEmpty() ? "" : ". It ran " + place),
            operation,
            false,
            i,
            place);
      }
    }
    return out;
  }

  private static String listed(String what, List<? extends @Nullable Tensor> all) {
    StringBuilder b = new StringBuilder();
    for (int i = 0; i < all.size(); i++) {
      Tensor t = all.get(i);
      b.append(i == 0 ? "" : ", ").append(what).append(' ').append(i).append(": ");
      b.append(t == null ? "none" : Extent.of(t, _ -> false).toString());
    }
    return b.isEmpty() ? "nothing" : b.toString();
  }
}
