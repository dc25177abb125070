package dev.autograd.onnx.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.onnx.PythonOnnx;
import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxAttribute;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.schema.OpSchema.AttributeForm;
import dev.autograd.onnx.schema.OpSchema.Formal;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTableTest {
  /// Prints each operator's form at opset 17 the way {@link #facts} does.
  private static final String FACTS_OF_PYTHON_ONNX =
      """
      import onnx.defs as d
      names = {'float':'f32','double':'f64','float16':'f16','bfloat16':'bf16','bool':'bool',
          'string':'string','complex64':'c64','complex128':'c128'}
      for w in (8, 16, 32, 64):
          names['int%d' % w] = 'i%d' % w
          names['uint%d' % w] = 'u%d' % w
      kinds = {'FLOAT':'float','INT':'int','STRING':'string','TENSOR':'tensor','GRAPH':'graph',
          'FLOATS':'floats','INTS':'ints','STRINGS':'strings','SPARSE_TENSOR':'sparse'}
      def types(s, v):
          all = {c.type_param_str: c.allowed_type_strs for c in s.type_constraints}.get(v, [v])
          return '|'.join(sorted(names[t[7:-1]] for t in set(all) if t.startswith('tensor(')))
      def formals(s, fs):
          out = []
          for f in fs:
              o = str(f.option).split('.')[-1]
              arity = {'Single': 'ONE', 'Optional': 'OPTIONAL', 'Variadic': 'MANY'}[o]
              mixed = o == 'Variadic' and not f.isHomogeneous
              out.append('%s:%s:%s:%s' % (f.name, arity, str(mixed).lower(), types(s, f.typeStr)))
          return ' '.join(out)
      def attributes(s):
          out = []
          for n, a in sorted(s.attributes.items()):
              v = a.default_value
              t = int(v.type)
              default = {1: lambda: '%.6g' % v.f, 2: lambda: str(v.i), 3: lambda: v.s.decode(),
                  7: lambda: ','.join(map(str, v.ints)),
                  8: lambda: ','.join(x.decode() for x in v.strings)}.get(t, lambda: '')()
              kind = kinds.get(str(a.type).split('.')[-1], '?')
              out.append('%s:%s:%s:%s' % (n, kind, str(a.required).lower(), default))
          return ' '.join(out)
      for name in sorted({s.name for s in d.get_all_schemas_with_history() if s.domain == ''}):
          try:
              s = d.get_schema(name, 17, '')
          except Exception:
              continue
          print('\\t'.join([name, str(s.since_version), formals(s, s.inputs),
              formals(s, s.outputs), attributes(s)]))
      """;

  @Test
  void everyFormAtOpset17IsThatOfThePythonPackage() throws IOException, InterruptedException {
    Set<String> theirs = new HashSet<>(PythonOnnx.run(FACTS_OF_PYTHON_ONNX).lines().toList());
    List<String> different = new ArrayList<>();
    int compared = 0;
    for (String opType : SchemaTable.opTypes()) {
      OpSchema schema = SchemaTable.find(opType, 17);
      // Version 1.12 of the package gives GridSample's result the types of its grid, mended since.
      if (schema != null && !opType.equals("GridSample")) {
        compared++;
        if (!theirs.contains(facts(schema))) {
          different.add(facts(schema));
        }
      }
    }
    assertThat(different).isEmpty();
    assertThat(compared).isGreaterThan(130);
  }

  @Test
  void laterFormsTakeOverAtTheirOpset() {
    assertThat(SchemaTable.require("ReduceMean", 17).attributes()).containsKey("axes");
    assertThat(SchemaTable.require("ReduceMean", 18).attributes()).doesNotContainKey("axes");
    assertThat(SchemaTable.require("ReduceMean", 18).maxInputs()).isEqualTo(2);
    assertThat(SchemaTable.require("ReduceSum", 13).maxInputs()).isEqualTo(2);
    assertThat(SchemaTable.require("Split", 18).attributes()).containsKey("num_outputs");
    assertThat(SchemaTable.require("Reshape", 13).attributes()).doesNotContainKey("allowzero");
    assertThat(SchemaTable.require("Reshape", 14).attributes()).containsKey("allowzero");
    assertThat(SchemaTable.require("ScatterElements", 16).attributes()).containsKey("reduction");
  }

  @ParameterizedTest
  @CsvSource({"Gelu,20", "Mish,18", "LayerNormalization,17", "GridSample,16", "HardSwish,14"})
  void operatorsAreUnknownBeforeTheyExist(String opType, int first) {
    assertThat(SchemaTable.find(opType, first)).isNotNull();
    assertThatThrownBy(() -> SchemaTable.require(opType, first - 1))
        .isInstanceOf(OnnxModelException.class)
        .hasMessage(
            "ONNX operator '%s' exists from opset %d on, the model is of opset %d. Raise the opset?"
                .formatted(opType, first, first - 1));
  }

  @Test
  void operatorsThatNobodyKnowsAreRefused() {
    assertThatThrownBy(() -> SchemaTable.require("Relo", 17)).hasMessageContaining("'Relo'");
    assertThatThrownBy(() -> SchemaTable.require("Relu", 12)).hasMessageContaining("from 13 to 22");
    assertThatThrownBy(() -> SchemaTable.require("Relu", 23)).hasMessageContaining("from 13 to 22");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Add",
        "Sub",
        "Mul",
        "Div",
        "Neg",
        "Pow",
        "Reciprocal",
        "Sqrt",
        "Exp",
        "Log",
        "Sin",
        "Cos",
        "Tanh",
        "Sigmoid",
        "Abs",
        "Sign",
        "Floor",
        "Ceil",
        "Round",
        "Max",
        "Min",
        "Clip",
        "Where",
        "Erf",
        "Cast",
        "Equal",
        "Less",
        "Greater",
        "GreaterOrEqual",
        "LessOrEqual",
        "And",
        "Or",
        "Not",
        "Xor",
        "IsNaN",
        "IsInf",
        "ReduceSum",
        "ReduceMean",
        "ReduceMax",
        "ReduceMin",
        "ReduceProd",
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSumExp",
        "CumSum",
        "ArgMax",
        "ArgMin",
        "MatMul",
        "Gemm",
        "Einsum",
        "Transpose",
        "Reshape",
        "Squeeze",
        "Unsqueeze",
        "Expand",
        "Tile",
        "Concat",
        "Split",
        "Slice",
        "Gather",
        "GatherElements",
        "GatherND",
        "ScatterND",
        "ScatterElements",
        "NonZero",
        "Trilu",
        "Pad",
        "Identity",
        "Relu",
        "LeakyRelu",
        "PRelu",
        "Elu",
        "Selu",
        "Celu",
        "Softplus",
        "Softsign",
        "HardSigmoid",
        "HardSwish",
        "Softmax",
        "LogSoftmax",
        "Dropout",
        "SoftmaxCrossEntropyLoss",
        "NegativeLogLikelihoodLoss",
        "Conv",
        "ConvTranspose",
        "MaxPool",
        "AveragePool",
        "GlobalAveragePool",
        "GlobalMaxPool",
        "LpPool",
        "BatchNormalization",
        "LayerNormalization",
        "InstanceNormalization",
        "RNN",
        "GRU",
        "LSTM",
        "OneHot",
        "Resize",
        "DepthToSpace",
        "SpaceToDepth",
        "TopK",
        "Range",
        "Shape",
        "Size",
        "ConstantOfShape",
        "EyeLike",
        "Unique",
        "Det",
        "GridSample",
        "Mod",
        "Atan",
        "Sinh",
        "If",
        "Loop",
        "Scan",
        "Constant",
        "CastLike",
        "RandomNormalLike",
        "Flatten"
      })
  void whatOurOpsTranslateToIsKnownAtTheDefaultOpset(String opType) {
    assertThat(SchemaTable.find(opType, SchemaTable.DEFAULT_OPSET)).isNotNull();
  }

  @Test
  void everyFormIsConsistent() {
    for (String opType : SchemaTable.opTypes()) {
      int before = 0;
      for (OpSchema schema : SchemaTable.forms(opType)) {
        assertThat(schema.since()).as(opType).isGreaterThan(before).isLessThanOrEqualTo(22);
        before = schema.since();
        assertThat(schema.outputs()).as(opType).isNotEmpty();
        variadicOnlyAtTheEnd(opType, schema.inputs());
        variadicOnlyAtTheEnd(opType, schema.outputs());
        schema.types().forEach((name, types) -> assertThat(types).as(opType + name).isNotEmpty());
        outputsHaveATypeFromSomewhere(schema);
      }
    }
  }

  @Test
  void defaultsAreGivenByTheForm() {
    OpSchema softmax = SchemaTable.require("Softmax", 17);
    assertThat(softmax.attributes().get("axis"))
        .isEqualTo(new AttributeForm(OnnxAttribute.Kind.INT, false, OnnxAttribute.of(-1L)));
    assertThat(SchemaTable.require("Cast", 17).attributes().get("to"))
        .isEqualTo(new AttributeForm(OnnxAttribute.Kind.INT, true, null));
    assertThat(SchemaTable.require("LeakyRelu", 17).attributes().get("alpha"))
        .isEqualTo(new AttributeForm(OnnxAttribute.Kind.FLOAT, false, OnnxAttribute.of(0.01f)));
  }

  @Test
  void opsetsHaveTheirVersionOfTheFormat() {
    assertThat(SchemaTable.irVersion(13)).isEqualTo(7);
    assertThat(SchemaTable.irVersion(17)).isEqualTo(8);
    assertThat(SchemaTable.irVersion(20)).isEqualTo(9);
    assertThat(SchemaTable.irVersion(22)).isEqualTo(10);
  }

  private static void variadicOnlyAtTheEnd(String opType, List<Formal> formals) {
    for (int i = 0; i < formals.size() - 1; i++) {
      assertThat(formals.get(i).variadic()).as(opType).isFalse();
    }
  }

  private static void outputsHaveATypeFromSomewhere(OpSchema schema) {
    Set<String> fixed = new HashSet<>();
    schema.inputs().forEach(input -> fixed.add(input.type()));
    for (Formal output : schema.outputs()) {
      boolean known =
          output.mixed()
              || fixed.contains(output.type())
              || schema.allowed(output).size() == 1
              || !output.inferences().isEmpty();
      assertThat(known).as(schema.opType() + " " + schema.since() + " " + output).isTrue();
    }
  }

  private static String facts(OpSchema schema) {
    return String.join(
        "\t",
        schema.opType(),
        Integer.toString(schema.since()),
        facts(schema, schema.inputs()),
        facts(schema, schema.outputs()),
        schema.attributes().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> entry.getKey() + ":" + facts(entry.getValue()))
            .collect(Collectors.joining(" ")));
  }

  private static String facts(OpSchema schema, List<Formal> formals) {
    return formals.stream()
        .map(
            formal ->
                "%s:%s:%s:%s"
                    .formatted(
                        formal.name(),
                        formal.variadic() ? "MANY" : formal.arity(),
                        formal.mixed(),
                        schema.allowed(formal).stream()
                            .map(ElementType::symbol)
                            .collect(Collectors.toCollection(TreeSet::new))
                            .stream()
                            .collect(Collectors.joining("|"))))
        .collect(Collectors.joining(" "));
  }

  private static String facts(AttributeForm form) {
    OnnxAttribute otherwise = form.otherwise();
    String value =
        switch (otherwise) {
          case null -> "";
          case OnnxAttribute.FloatValue(float f) -> significant(f);
          case OnnxAttribute.IntValue(long i) -> Long.toString(i);
          case OnnxAttribute.StringValue(String s) -> s;
          case OnnxAttribute.StringList(List<String> list) -> String.join(",", list);
          case OnnxAttribute.IntList(List<Long> list) ->
              list.stream().map(String::valueOf).collect(Collectors.joining(","));
          default -> throw new AssertionError(otherwise);
        };
    return form.kind() + ":" + form.required() + ":" + value;
  }

  // As C's %.6g: six digits, no zeros at the end, an exponent only where it is short.
  private static String significant(float value) {
    var decimal = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (value == 0 || (exponent >= -4 && exponent < 6)) {
      return decimal.toPlainString();
    }
    return decimal.scaleByPowerOfTen(-exponent).toPlainString() + "e%+03d".formatted(exponent);
  }
}
