package dev.autograd.ops;

import static dev.autograd.ops.index.Embedding.embedding;
import static dev.autograd.ops.loss.BinaryCrossEntropyWithLogits.binaryCrossEntropyWithLogits;
import static dev.autograd.ops.loss.CrossEntropy.crossEntropy;
import static dev.autograd.ops.loss.MseLoss.mseLoss;
import static dev.autograd.ops.normalization.LayerNorm.layerNorm;
import static dev.autograd.ops.regularization.Dropout.dropout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.DType;
import dev.autograd.FunctionNode;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// What operations keep alive for backward: no more than their derivative reads.
class SavedForBackwardTest {
  private static final Tensor X = random(3, 4);
  private static final Tensor Z = random(4, 3).t().detach().requiresGrad(true);
  private static final Tensor W = random(4, 5);
  private static final Tensor ROWS = Tensor.of(new long[] {0, 2});

  /// An operation on X, Z, W, and what of `x`, `z`, `w`, its result `y` and other tensors it saves.
  private record Row(String name, Tensor y, String saved) {}

  private static Tensor random(int... shape) {
    Tensor values = Tensor.rand(Shape.of(shape), DType.F64, new Generator(shape[0]));
    return values.add(0.1).detach().requiresGrad(true);
  }

  private static Tensor constant(Tensor x) {
    return x.detach();
  }

  @TestFactory
  Stream<DynamicTest> operationsSaveTheLeastTheirBackwardReads() {
    Tensor column = Tensor.of(new long[] {0, 1, 2}, 3, 1);
    Tensor classes = Tensor.of(new long[] {0, 1, 2});
    Tensor scale = random(4);
    return Stream.of(
            new Row("sum", X.sum(), ""),
            new Row("sum of a dimension", X.sum(1), ""),
            new Row("mean", X.mean(), ""),
            new Row("reshape", X.reshape(12), ""),
            new Row("permute", X.t(), ""),
            new Row("slice", X.slice(0, 0, 2, 1), ""),
            new Row("select", X.select(0, 1), ""),
            new Row("expand", X.sum(0).expand(3, 4), ""),
            new Row("cat", Tensor.cat(List.of(X, Z), 0), ""),
            new Row("stack", Tensor.stack(List.of(X, Z), 0), ""),
            new Row("flip", X.flip(0), ""),
            new Row("tril", X.tril(0), ""),
            new Row("clone", X.clone(), ""),
            new Row("cast", X.to(DType.F32), ""),
            new Row("cumsum", X.cumsum(0), ""),
            new Row("softmax", X.softmax(1), "y"),
            new Row("log_softmax", X.logSoftmax(1), "y"),
            new Row("logsumexp", X.logsumexp(1), "x y"),
            new Row("amax", X.amax(1), "x y"),
            new Row("max along a dimension", X.max(1, false).values(), "i64[3]"),
            new Row("var", X.var(1), "x"),
            new Row("std", X.std(1), "x y"),
            new Row("prod", X.prod(), "x"),
            new Row("norm", X.norm(), "x y"),
            new Row("div", X.div(Z), "x z"),
            new Row("div by a constant", X.div(constant(Z)), "f64[3, 4]"),
            new Row("maximum", X.maximum(Z), "x z"),
            new Row("matmul", X.matmul(W), "x w"),
            new Row("matmul by a constant", X.matmul(constant(W)), "f64[4, 5]"),
            new Row("matmul of a constant", constant(X).matmul(W), "f64[3, 4]"),
            new Row("relu", X.relu(), "y"),
            new Row("gelu", X.gelu(), "x"),
            new Row("clamp", X.clamp(0.2, 0.8), "x"),
            new Row("where", X.gt(0.5).where(X, Z), "bool[3, 4]"),
            new Row("masked_fill", X.maskedFill(X.gt(0.5), 0), "bool[3, 4]"),
            new Row("gather", X.gather(1, column), "i64[3, 1]"),
            new Row("index_select", X.indexSelect(0, ROWS), "i64[2]"),
            new Row("embedding", embedding(ROWS, X), "i64[2]"),
            new Row("dropout", dropout(X, 0.5), "bool[3, 4]"),
            new Row(
                "layer_norm, the scale requiring grad",
                layerNorm(X, Shape.of(4), scale, random(4), 1e-5),
                "x f64[3, 1] f64[3, 1] f64[4]"),
            new Row("cross_entropy", crossEntropy(X, classes), "x i64[3]"),
            new Row("mse_loss", mseLoss(X, constant(Z)), "x f64[3, 4]"),
            new Row(
                "binary_cross_entropy_with_logits",
                binaryCrossEntropyWithLogits(X, constant(Z)),
                "x f64[3, 4]"))
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.name(), () -> assertThat(savedBy(row.y())).isEqualTo(row.saved())));
  }

  private static String savedBy(Tensor y) {
    FunctionNode node = (FunctionNode) Objects.requireNonNull(y.gradFn());
    List<String> all = new ArrayList<>();
    for (Tensor saved : node.savedValues()) {
      Tensor s = Objects.requireNonNull(saved);
      boolean result = s.detach().storage() == y.detach().storage();
      all.add(
          s == X ? "x" : s == Z ? "z" : s == W ? "w" : result ? "y" : s.dtype() + "" + s.shape());
    }
    return String.join(" ", all);
  }
}
