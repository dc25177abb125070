package dev.autograd.onnx.trace;

import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Finds the line of the user's program that is running.
final class Source {
  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final String OWN = Source.class.getPackageName() + ".";
  private static final String EXPORTER = "dev.autograd.onnx.OnnxExport";
  private static final Set<String> CORE =
      Set.of("dev.autograd", "dev.autograd.method", "dev.autograd.spi");
  private static final List<String> LIBRARY =
      List.of("dev.autograd.ops.", "dev.autograd.kernel.", "java.", "jdk.");
  private static final String LAYERS = "dev.autograd.nn.";

  private Source() {}

  static String line() {
    return WALKER.walk(Source::line);
  }

  // A model made of layers only has no line of its own; the layer's line is the next best.
  private static String line(Stream<StackFrame> frames) {
    String layer = "unknown source";
    for (StackFrame frame : (Iterable<StackFrame>) frames::iterator) {
      String name = frame.getClassName();
      if (name.equals(EXPORTER)) {
        return layer;
      }
      if (name.startsWith(LAYERS)) {
        layer = layer.equals("unknown source") ? describe(frame) : layer;
      } else if (!inLibrary(name)) {
        return describe(frame);
      }
    }
    return layer;
  }

  private static boolean inLibrary(String name) {
    int dot = name.lastIndexOf('.');
    String folder = dot < 0 ? "" : name.substring(0, dot);
    return CORE.contains(folder)
        || LIBRARY.stream().anyMatch(name::startsWith)
        || name.startsWith(OWN);
  }

  private static String describe(StackFrame frame) {
    return frame.getFileName() + ":" + frame.getLineNumber();
  }
}
