package dev.autograd.onnx.wire;

import com.google.protobuf.ByteString;
import dev.autograd.onnx.model.Dim;
import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxAttribute;
import dev.autograd.onnx.model.OnnxFunction;
import dev.autograd.onnx.model.OnnxGraph;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.model.OnnxNode;
import dev.autograd.onnx.model.OnnxTensor;
import dev.autograd.onnx.model.OnnxTraining;
import dev.autograd.onnx.model.OnnxType;
import dev.autograd.onnx.model.OnnxValue;
import dev.autograd.onnx.proto.AttributeProto;
import dev.autograd.onnx.proto.FunctionProto;
import dev.autograd.onnx.proto.GraphProto;
import dev.autograd.onnx.proto.ModelProto;
import dev.autograd.onnx.proto.NodeProto;
import dev.autograd.onnx.proto.OperatorSetIdProto;
import dev.autograd.onnx.proto.SparseTensorProto;
import dev.autograd.onnx.proto.StringStringEntryProto;
import dev.autograd.onnx.proto.TensorProto;
import dev.autograd.onnx.proto.TensorShapeProto;
import dev.autograd.onnx.proto.TrainingInfoProto;
import dev.autograd.onnx.proto.TypeProto;
import dev.autograd.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns the model's values into protobuf messages. Equal models give equal bytes.
public final class ProtoWriter {
  private final @Nullable Weights weights;
  private long inlineBytes;

  /// Makes a writer.
  ///
  /// @param weights takes large initializers out of the model's own bytes, or null to keep all
  ///   there
  public ProtoWriter(@Nullable Weights weights) {
    this.weights = weights;
  }

  /// Writes a model.
  public ModelProto model(OnnxModel model) {
    ModelProto.Builder proto = ModelProto.newBuilder().setIrVersion(model.irVersion());
    if (!model.producer().name().isEmpty()) {
      proto.setProducerName(model.producer().name());
    }
    if (!model.producer().version().isEmpty()) {
      proto.setProducerVersion(model.producer().version());
    }
    if (!model.domain().isEmpty()) {
      proto.setDomain(model.domain());
    }
    if (model.modelVersion() != 0) {
      proto.setModelVersion(model.modelVersion());
    }
    if (!model.doc().isEmpty()) {
      proto.setDocString(model.doc());
    }
    proto.setGraph(graph(model.graph()));
    model.opsets().forEach((domain, version) -> proto.addOpsetImport(opset(domain, version)));
    model.metadata().forEach((key, value) -> proto.addMetadataProps(entry(key, value)));
    model.functions().forEach(function -> proto.addFunctions(function(function)));
    model.training().forEach(training -> proto.addTrainingInfo(training(training)));
    return proto.build();
  }

  /// Writes a tensor, elements included.
  public TensorProto tensor(OnnxTensor tensor) {
    TensorProto.Builder proto = tensorHead(tensor);
    if (tensor.elementType() == ElementType.STRING) {
      for (String element : tensor.toStrings()) {
        proto.addStringData(ByteString.copyFromUtf8(element));
      }
      return proto.build();
    }
    inlineBytes += tensor.rawBytes();
    if (inlineBytes > Integer.MAX_VALUE) {
      // Past this protobuf's sizes wrap around.
      throw new OnnxModelException("the tensors inside one message take more than 2 GiB");
    }
    try (ByteString.Output raw = ByteString.newOutput((int) Math.max(1, tensor.rawBytes()))) {
      tensor.writeRaw(raw);
      return proto.setRawData(raw.toByteString()).build();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private TensorProto initializer(OnnxTensor tensor) {
    if (weights == null || !weights.takes(tensor)) {
      return tensor(tensor);
    }
    TensorProto.Builder proto = tensorHead(tensor);
    proto.setDataLocation(TensorProto.DataLocation.EXTERNAL);
    weights.place(tensor).forEach((key, value) -> proto.addExternalData(entry(key, value)));
    return proto.build();
  }

  private static TensorProto.Builder tensorHead(OnnxTensor tensor) {
    TensorProto.Builder proto = TensorProto.newBuilder();
    proto.setDataType(tensor.elementType().number());
    for (long dim : tensor.dims()) {
      proto.addDims(dim);
    }
    if (!tensor.name().isEmpty()) {
      proto.setName(tensor.name());
    }
    return proto;
  }

  private GraphProto graph(OnnxGraph graph) {
    GraphProto.Builder proto = GraphProto.newBuilder().setName(graph.name());
    graph.nodes().forEach(node -> proto.addNode(node(node)));
    graph.initializers().forEach(tensor -> proto.addInitializer(initializer(tensor)));
    graph.inputs().forEach(value -> proto.addInput(value(value)));
    graph.outputs().forEach(value -> proto.addOutput(value(value)));
    graph.values().forEach(value -> proto.addValueInfo(value(value)));
    if (!graph.doc().isEmpty()) {
      proto.setDocString(graph.doc());
    }
    return proto.build();
  }

  private NodeProto node(OnnxNode node) {
    NodeProto.Builder proto = NodeProto.newBuilder().setOpType(node.opType());
    proto.addAllInput(node.inputs());
    proto.addAllOutput(node.outputs());
    if (!node.name().isEmpty()) {
      proto.setName(node.name());
    }
    if (!node.domain().isEmpty()) {
      proto.setDomain(node.domain());
    }
    if (!node.doc().isEmpty()) {
      proto.setDocString(node.doc());
    }
    node.attributes().forEach((name, value) -> proto.addAttribute(attribute(name, value)));
    node.metadata().forEach((key, value) -> proto.addMetadataProps(entry(key, value)));
    return proto.build();
  }

  private FunctionProto function(OnnxFunction function) {
    FunctionProto.Builder proto = FunctionProto.newBuilder().setName(function.name());
    proto.setDomain(function.domain());
    proto.addAllInput(function.inputs());
    proto.addAllOutput(function.outputs());
    proto.addAllAttribute(function.attributes());
    function.defaults().forEach((name, value) -> proto.addAttributeProto(attribute(name, value)));
    function.nodes().forEach(node -> proto.addNode(node(node)));
    function.opsets().forEach((domain, version) -> proto.addOpsetImport(opset(domain, version)));
    if (!function.doc().isEmpty()) {
      proto.setDocString(function.doc());
    }
    return proto.build();
  }

  private TrainingInfoProto training(OnnxTraining training) {
    TrainingInfoProto.Builder proto = TrainingInfoProto.newBuilder();
    if (training.initialization() != null) {
      proto.setInitialization(graph(training.initialization()));
    }
    if (training.algorithm() != null) {
      proto.setAlgorithm(graph(training.algorithm()));
    }
    training
        .initializationBinding()
        .forEach((key, value) -> proto.addInitializationBinding(entry(key, value)));
    training.updateBinding().forEach((key, value) -> proto.addUpdateBinding(entry(key, value)));
    return proto.build();
  }

  private AttributeProto attribute(String name, OnnxAttribute attribute) {
    AttributeProto.Builder proto = AttributeProto.newBuilder().setName(name);
    proto.setType(type(attribute.kind()));
    switch (attribute) {
      case OnnxAttribute.FloatValue(float value) -> proto.setF(value);
      case OnnxAttribute.IntValue(long value) -> proto.setI(value);
      case OnnxAttribute.StringValue(String value) -> proto.setS(ByteString.copyFromUtf8(value));
      case OnnxAttribute.TensorValue(OnnxTensor value) -> proto.setT(tensor(value));
      case OnnxAttribute.GraphValue(OnnxGraph value) -> proto.setG(graph(value));
      case OnnxAttribute.FloatList(List<Float> values) -> proto.addAllFloats(values);
      case OnnxAttribute.IntList(List<Long> values) -> proto.addAllInts(values);
      case OnnxAttribute.StringList(List<String> values) ->
          values.forEach(value -> proto.addStrings(ByteString.copyFromUtf8(value)));
      case OnnxAttribute.TensorList(List<OnnxTensor> values) ->
          values.forEach(value -> proto.addTensors(tensor(value)));
      case OnnxAttribute.GraphList(List<OnnxGraph> values) ->
          values.forEach(value -> proto.addGraphs(graph(value)));
      case OnnxAttribute.SparseValue(OnnxTensor values, OnnxTensor indices, List<Long> dims) ->
          proto.setSparseTensor(
              SparseTensorProto.newBuilder()
                  .setValues(tensor(values))
                  .setIndices(tensor(indices))
                  .addAllDims(dims));
      case OnnxAttribute.TypeValue(OnnxType value) -> proto.setTp(type(value));
      case OnnxAttribute.TypeList(List<OnnxType> values) ->
          values.forEach(value -> proto.addTypeProtos(type(value)));
      case OnnxAttribute.Reference reference -> proto.setRefAttrName(reference.attribute());
    }
    return proto.build();
  }

  private static AttributeProto.AttributeType type(OnnxAttribute.Kind kind) {
    return switch (kind) {
      case FLOAT -> AttributeProto.AttributeType.FLOAT;
      case INT -> AttributeProto.AttributeType.INT;
      case STRING -> AttributeProto.AttributeType.STRING;
      case TENSOR -> AttributeProto.AttributeType.TENSOR;
      case GRAPH -> AttributeProto.AttributeType.GRAPH;
      case FLOATS -> AttributeProto.AttributeType.FLOATS;
      case INTS -> AttributeProto.AttributeType.INTS;
      case STRINGS -> AttributeProto.AttributeType.STRINGS;
      case TENSORS -> AttributeProto.AttributeType.TENSORS;
      case GRAPHS -> AttributeProto.AttributeType.GRAPHS;
      case SPARSE -> AttributeProto.AttributeType.SPARSE_TENSOR;
      case TYPE -> AttributeProto.AttributeType.TYPE_PROTO;
      case TYPES -> AttributeProto.AttributeType.TYPE_PROTOS;
    };
  }

  private static ValueInfoProto value(OnnxValue value) {
    ValueInfoProto.Builder proto = ValueInfoProto.newBuilder().setName(value.name());
    if (value.type() != null) {
      proto.setType(type(value.type()));
    }
    if (!value.doc().isEmpty()) {
      proto.setDocString(value.doc());
    }
    return proto.build();
  }

  private static TypeProto type(OnnxType type) {
    TypeProto.Builder proto = TypeProto.newBuilder();
    switch (type) {
      case OnnxType.Tensor(ElementType elementType, @Nullable List<Dim> dims) -> {
        var tensor = TypeProto.Tensor.newBuilder().setElemType(elementType.number());
        if (dims != null) {
          tensor.setShape(shape(dims));
        }
        proto.setTensorType(tensor);
      }
      case OnnxType.SparseTensor(ElementType elementType, @Nullable List<Dim> dims) -> {
        var tensor = TypeProto.SparseTensor.newBuilder().setElemType(elementType.number());
        if (dims != null) {
          tensor.setShape(shape(dims));
        }
        proto.setSparseTensorType(tensor);
      }
      case OnnxType.Sequence(OnnxType element) ->
          proto.setSequenceType(TypeProto.Sequence.newBuilder().setElemType(type(element)));
      case OnnxType.Optional(OnnxType element) ->
          proto.setOptionalType(TypeProto.Optional.newBuilder().setElemType(type(element)));
      case OnnxType.Mapping(ElementType key, OnnxType value) ->
          proto.setMapType(
              TypeProto.Map.newBuilder().setKeyType(key.number()).setValueType(type(value)));
    }
    return proto.build();
  }

  private static TensorShapeProto shape(List<Dim> dims) {
    TensorShapeProto.Builder proto = TensorShapeProto.newBuilder();
    for (Dim dim : dims) {
      var part = TensorShapeProto.Dimension.newBuilder();
      switch (dim) {
        case Dim.Fixed(long size) -> part.setDimValue(size);
        case Dim.Named(String name) -> part.setDimParam(name);
        case Dim.Unknown() -> {}
      }
      proto.addDim(part);
    }
    return proto.build();
  }

  private static OperatorSetIdProto opset(String domain, long version) {
    return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  /// Decides where the elements of an initializer stand.
  public interface Weights {
    /// Tells whether the tensor's elements stand in a file beside the model.
    boolean takes(OnnxTensor tensor);

    /// Gives the tensor a place and returns the entries that name it: location, offset, length.
    Map<String, String> place(OnnxTensor tensor);
  }
}
