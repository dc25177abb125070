package dev.autograd.profile;

import dev.autograd.Autograd;
import dev.autograd.FunctionNode;
import dev.autograd.Node;
import dev.autograd.Operation;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.spi.Interceptor;
import dev.autograd.spi.OpCall;
import dev.autograd.spi.WalkListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Takes the time of every operation and backward node of a thread, from its start to its close.
///
/// ```java
/// try (Profiler profiler = Profiler.start()) {
///   Tensor loss = Profiler.range("forward", () -> model.forward(x).mean());
///   loss.backward();
///   System.out.println(profiler.profile().table());
/// }
/// ```
///
/// Operations that another one applies inside its own forward are part of it.
public final class Profiler implements AutoCloseable {
  private static final ThreadLocal<@Nullable Profiler> CURRENT = new ThreadLocal<>();

  /// An event that has not ended yet.
  private static final class Open {
    final ProfileEvent.Kind kind;
    final String name;
    final long start;
    long insideNanos;

    Open(ProfileEvent.Kind kind, String name, long start) {
      this.kind = kind;
      this.name = name;
      this.start = start;
    }
  }

  /// Ends a range; close it on the thread that opened it, innermost first.
  public static final class Range implements AutoCloseable {
    private static final Range OFF = new Range(null, null);

    private final @Nullable Profiler profiler;
    private final @Nullable Open event;

    private Range(@Nullable Profiler profiler, @Nullable Open event) {
      this.profiler = profiler;
      this.event = event;
    }

    @Override
    public void close() {
      if (profiler != null && event != null && profiler.open.contains(event)) {
        profiler.end(event, List.of(), 0, -1);
      }
    }
  }

  private final Thread thread = Thread.currentThread();
  private final long origin = System.nanoTime();
  private final ArrayDeque<Open> open = new ArrayDeque<>();
  private final List<ProfileEvent> events = new ArrayList<>();
  private final @Nullable Profiler before = CURRENT.get();
  private final Autograd.InterceptorScope operations = Autograd.intercept(new Operations());
  private final Autograd.ListenerScope nodes = Autograd.listen(new Nodes());
  private boolean closed;

  private Profiler() {}

  /// Starts to profile this thread.
  public static Profiler start() {
    Profiler profiler = new Profiler();
    CURRENT.set(profiler);
    return profiler;
  }

  /// Opens a range of this name, if this thread is being profiled: all that happens until it closes
  /// is inside it.
  public static Range range(String name) {
    Profiler profiler = CURRENT.get();
    return profiler == null
        ? Range.OFF
        : new Range(profiler, profiler.begin(ProfileEvent.Kind.RANGE, name));
  }

  /// Runs `body` in a range of this name and returns its result.
  public static <T> T range(String name, Supplier<T> body) {
    try (var _ = range(name)) {
      return body.get();
    }
  }

  /// Returns what has ended so far.
  public Profile profile() {
    return new Profile(thread.threadId(), List.copyOf(events));
  }

  /// Stops profiling; does nothing the second time.
  ///
  /// @throws IllegalStateException on another thread than the one that started it
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          "profiler: belongs to thread '"
              + thread.getName()
              + "' and is closed there, not on '"
              + Thread.currentThread().getName()
              + "'");
    }
    closed = true;
    nodes.close();
    operations.close();
    CURRENT.set(before);
  }

  private Open begin(ProfileEvent.Kind kind, String name) {
    Open event = new Open(kind, name, System.nanoTime());
    open.push(event);
    return event;
  }

  private void end(Open event, List<Shape> shapes, long bytes, long sequenceNumber) {
    long now = System.nanoTime();
    for (Open inside = open.peek(); inside != null && inside != event; inside = open.peek()) {
      end(inside, List.of(), 0, -1); // a range that was left open
    }
    open.pop();
    long total = now - event.start;
    Open around = open.peek();
    if (around != null) {
      around.insideNanos += total;
    }
    events.add(
        new ProfileEvent(
            event.kind,
            event.name,
            shapes,
            event.start - origin,
            total,
            total - event.insideNanos,
            bytes,
            sequenceNumber,
            open.size()));
  }

  private final class Operations implements Interceptor {
    @Override
    public Tensor[] intercept(OpCall call) {
      Tensor[] in = call.inputs();
      List<Shape> shapes = new ArrayList<>(in.length);
      for (Tensor t : in) {
        shapes.add(t.shape());
      }
      Open event = begin(ProfileEvent.Kind.OPERATION, call.operation().name());
      long bytes = 0;
      long number = -1;
      try {
        Tensor[] out = call.proceed();
        bytes = newBytes(in, out);
        number = sequenceNumber(call.operation(), out);
        return out;
      } finally {
        end(event, shapes, bytes, number);
      }
    }

    private static long newBytes(Tensor[] in, Tensor[] out) {
      List<Storage> known = new ArrayList<>(in.length + out.length);
      for (Tensor t : in) {
        known.add(array(t));
      }
      long bytes = 0;
      for (Tensor t : out) {
        Storage storage = array(t);
        if (!known.contains(storage)) {
          known.add(storage);
          bytes += (long) storage.length() * storage.dtype().bytes();
        }
      }
      return bytes;
    }

    private static Storage array(Tensor t) {
      return t.detach().memory();
    }

    private static long sequenceNumber(Operation operation, Tensor[] out) {
      for (Tensor t : out) {
        if (t.gradFn() instanceof FunctionNode node && node.operation() == operation) {
          return node.sequenceNumber();
        }
      }
      return -1;
    }
  }

  private final class Nodes implements WalkListener {
    private final ArrayDeque<Open> running = new ArrayDeque<>();

    @Override
    public void before(Node node) {
      running.push(begin(ProfileEvent.Kind.BACKWARD, node.name()));
    }

    @Override
    public void after(Node node) {
      List<Shape> shapes = node.outputShapes();
      long number = node.sequenceNumber();
      end(running.pop(), shapes, 0, number == Long.MAX_VALUE ? -1 : number);
    }
  }
}
