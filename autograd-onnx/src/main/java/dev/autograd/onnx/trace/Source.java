package dev.autograd.onnx.trace;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.stream.Stream;

/// Finds the line of the user's program that is running.
final class Source {
  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final String BEGINNING = Emission.class.getName();
  private static final List<String> LIBRARY = List.of("dev.autograd.", "java.", "jdk.", "sun.");
  private static final String LAYERS = "dev.autograd.nn.";
  private static final String UNKNOWN = "unknown source";

  private Source() {}

  static String line() {
    return WALKER.walk(Source::line);
  }

  // A model made of layers only has no line of its own; the innermost layer's line is the next
  // best.
  private static String line(Stream<StackFrame> frames) {
    String layer = UNKNOWN;
    for (StackFrame frame : (Iterable<StackFrame>) frames::iterator) {
      String name = frame.getClassName();
      if (name.equals(BEGINNING)) {
        return layer;
      }
      if (LIBRARY.stream().noneMatch(name::startsWith)) {
        return describe(frame);
      }
      if (name.startsWith(LAYERS) && layer.equals(UNKNOWN)) {
        layer = describe(frame);
      }
    }
    return layer;
  }

  private static String describe(StackFrame frame) {
    return frame.getFileName() + ":" + frame.getLineNumber();
  }
}
