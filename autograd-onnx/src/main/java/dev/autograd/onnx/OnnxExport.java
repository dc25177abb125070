package dev.autograd.onnx;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.onnx.eval.Evaluator;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.trace.BatchGraph;
import dev.autograd.onnx.trace.FirstDifference;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Exports models as ONNX files, and proves each file before anybody sees it.
public final class OnnxExport {
  private static final OnnxModel.Producer PRODUCER =
      new OnnxModel.Producer(
          "autograd",
          Objects.requireNonNullElse(
              OnnxExport.class.getPackage().getImplementationVersion(), "development"));
  private static final List<Integer> CHECKED_SIZES = List.of(1, 13);

  private OnnxExport() {}

  /// Traces a model, writes it with a dynamic batch dimension, reads the file back and compares it
  /// with the model on random inputs.
  ///
  /// Inputs are standard normal numbers, or 0 and 1 where `dtype` is no floating type. The file's
  /// input and output are named `input` and `output`.
  ///
  /// @param model in evaluation mode; its input and result have the batch as first dimension
  /// @param state the parameters and buffers by name, which become initializers
  /// @param sampleShape the sizes of one sample, without the batch
  /// @throws OnnxExportException if the model has no ONNX form; nothing is written then
  /// @throws OnnxVerificationException if the file computes something else; it is deleted then
  /// @throws IOException if writing fails
  public static ExportReport toFile(
      Path target,
      UnaryOperator<Tensor> model,
      Map<String, Tensor> state,
      DType dtype,
      int[] sampleShape,
      ExportOptions options)
      throws IOException {
    Generator generator = new Generator(options.seed());
    BatchGraph.Inputs inputs = size -> random(size, sampleShape, dtype, generator);
    GraphBuilder graph = BatchGraph.of(options.opset(), model, state, inputs);
    OnnxModel written = graph.model(options.name(), PRODUCER);
    ModelChecker.verify(written);
    Path folder =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    Files.createDirectory(folder);
    try {
      Path file = folder.resolve(target.getFileName());
      OnnxFile.write(written, file);
      double largest = verify(OnnxFile.read(file), model, state, inputs, options);
      publish(folder, file, target);
      return new ExportReport(
          target,
          options.opset(),
          written.graph().nodes().size(),
          written.graph().initializers().size(),
          CHECKED_SIZES,
          largest);
    } finally {
      delete(folder);
    }
  }

  private static Tensor random(int size, int[] sample, DType dtype, Generator generator) {
    int[] dims = new int[sample.length + 1];
    dims[0] = size;
    System.arraycopy(sample, 0, dims, 1, sample.length);
    Shape shape = Shape.of(dims);
    Tensor normal = Tensor.randn(shape, dtype == DType.F64 ? DType.F64 : DType.F32, generator);
    return dtype.isFloating() ? normal.to(dtype) : normal.gt(0).to(dtype);
  }

  private static double verify(
      OnnxModel file,
      UnaryOperator<Tensor> model,
      Map<String, Tensor> state,
      BatchGraph.Inputs inputs,
      ExportOptions options) {
    double largest = 0;
    for (int size : CHECKED_SIZES) {
      Tensor input = inputs.ofSize(size);
      Tensor expected = GradMode.noGrad(() -> model.apply(input));
      Tensor actual = Evaluator.run(file, Map.of("input", input)).get("output");
      if (actual == null
          || actual.dtype() != expected.dtype()
          || !actual.shape().equals(expected.shape())) {
        throw new OnnxVerificationException(
            "export: at batch size %d the file must give %s %s as the model does, got %s"
                .formatted(
                    size,
                    expected.dtype(),
                    expected.shape(),
                    actual == null ? "nothing" : actual.dtype() + " " + actual.shape()),
            Double.NaN,
            "batch size " + size);
      }
      Supplier<String> culprit = () -> culprit(file, model, state, input, options);
      largest = Math.max(largest, compare(size, expected, actual, options, culprit));
    }
    return largest;
  }

  private static String culprit(
      OnnxModel file,
      UnaryOperator<Tensor> model,
      Map<String, Tensor> state,
      Tensor input,
      ExportOptions options) {
    FirstDifference first =
        FirstDifference.find(file, model, state, input, options.atol(), options.rtol());
    return first == null
        ? "Every operation agrees by itself: is the model in evaluation mode?"
        : "The first node that differs is %s, of %s, by %s: is the operation's ONNX form right?"
            .formatted(first.node(), first.origin(), first.largest());
  }

  private static double compare(
      int size, Tensor expected, Tensor actual, ExportOptions options, Supplier<String> culprit) {
    double[] e = expected.to(DType.F64).toDoubleArray();
    double[] a = actual.to(DType.F64).toDoubleArray();
    double largest = 0;
    int worst = -1;
    boolean wrong = false;
    for (int i = 0; i < e.length; i++) {
      // Equal infinities and NaN agree, though their differences are NaN.
      double difference = Double.compare(e[i], a[i]) == 0 ? 0 : Math.abs(e[i] - a[i]);
      if (difference > largest || Double.isNaN(difference)) {
        largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
        worst = i;
      }
      wrong |= !(difference <= options.atol() + options.rtol() * Math.abs(e[i]));
    }
    if (wrong) {
      String place =
          "batch size " + size + ", index " + Arrays.toString(index(expected.shape(), worst));
      throw new OnnxVerificationException(
          "export: the file must compute what the model does, the largest difference is "
              + largest
              + " at "
              + place
              + " (model "
              + e[worst]
              + ", file "
              + a[worst]
              + "). "
              + culprit.get(),
          largest,
          place);
    }
    return largest;
  }

  private static int[] index(Shape shape, int flat) {
    int[] index = new int[shape.rank()];
    int rest = flat;
    for (int d = index.length - 1; d >= 0; d--) {
      index[d] = rest % shape.size(d);
      rest /= shape.size(d);
    }
    return index;
  }

  // Weights that stand beside the model arrive before it does.
  private static void publish(Path folder, Path file, Path target) throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder)) {
      for (Path part : parts) {
        if (!part.equals(file)) {
          move(part, target.resolveSibling(part.getFileName()));
        }
      }
    }
    move(file, target);
    AtomicFile.syncFolder(target.toAbsolutePath().getParent());
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder)) {
      for (Path part : parts) {
        Files.delete(part);
      }
    }
    Files.delete(folder);
  }
}
