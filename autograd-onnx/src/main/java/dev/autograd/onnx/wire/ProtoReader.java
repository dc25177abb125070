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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns protobuf messages into the model's values.
///
/// Left behind: documentation of tensors, of attributes and of types, and devices, none of which
/// changes a result. A part that does and has no value of its own is refused. Nested graphs are
/// read by recursion, which protobuf has bounded already (100 messages deep).
public final class ProtoReader {
  private final TensorReader tensors;

  /// Makes a reader of models.
  ///
  /// @param folder where files of weights are looked for, or null for a model that came from no
  ///   file
  public ProtoReader(@Nullable Path folder) {
    tensors = new TensorReader(new ExternalData(folder));
  }

  /// Reads a model.
  ///
  /// @throws OnnxModelException if it breaks a rule of the format
  /// @throws UnsupportedPartException if it has a part that the model's values cannot hold
  public OnnxModel model(ModelProto proto) {
    return new OnnxModel(
        proto.getIrVersion(),
        opsets(proto.getOpsetImportList()),
        new OnnxModel.Producer(proto.getProducerName(), proto.getProducerVersion()),
        proto.getDomain(),
        proto.getModelVersion(),
        proto.getDocString(),
        graph(proto.getGraph()),
        proto.getFunctionsList().stream().map(this::function).toList(),
        proto.getTrainingInfoList().stream().map(this::training).toList(),
        entries(proto.getMetadataPropsList()));
  }

  /// Reads a tensor.
  ///
  /// @throws OnnxModelException if it breaks a rule of the format
  /// @throws UnsupportedPartException if it is stored in a form that is not read
  public OnnxTensor tensor(TensorProto proto) {
    return tensors.read(proto);
  }

  private OnnxGraph graph(GraphProto proto) {
    if (proto.getSparseInitializerCount() > 0) {
      throw new UnsupportedPartException("graph '" + proto.getName() + "' has sparse initializers");
    }
    if (proto.getQuantizationAnnotationCount() > 0) {
      throw new UnsupportedPartException(
          "graph '" + proto.getName() + "' has quantization annotations");
    }
    return new OnnxGraph(
        proto.getName(),
        proto.getInputList().stream().map(ProtoReader::value).toList(),
        proto.getOutputList().stream().map(ProtoReader::value).toList(),
        proto.getInitializerList().stream().map(this::tensor).toList(),
        proto.getValueInfoList().stream().map(ProtoReader::value).toList(),
        proto.getNodeList().stream().map(this::node).toList(),
        proto.getDocString());
  }

  private OnnxNode node(NodeProto proto) {
    if (!proto.getOverload().isEmpty()) {
      throw new UnsupportedPartException(
          "node '" + proto.getName() + "' calls the overload '" + proto.getOverload() + "'");
    }
    if (proto.getOpType().isEmpty()) {
      throw new OnnxModelException("node '" + proto.getName() + "' names no operator");
    }
    return new OnnxNode(
        proto.getOpType(),
        proto.getDomain(),
        proto.getName(),
        proto.getInputList(),
        proto.getOutputList(),
        attributes(proto.getAttributeList(), proto.getOpType() + " '" + proto.getName() + "'"),
        proto.getDocString(),
        entries(proto.getMetadataPropsList()));
  }

  private OnnxFunction function(FunctionProto proto) {
    if (!proto.getOverload().isEmpty()) {
      throw new UnsupportedPartException(
          "function '" + proto.getName() + "' is the overload '" + proto.getOverload() + "'");
    }
    return new OnnxFunction(
        proto.getDomain(),
        proto.getName(),
        proto.getInputList(),
        proto.getOutputList(),
        proto.getAttributeList(),
        attributes(proto.getAttributeProtoList(), "function '" + proto.getName() + "'"),
        opsets(proto.getOpsetImportList()),
        proto.getNodeList().stream().map(this::node).toList(),
        proto.getDocString());
  }

  private OnnxTraining training(TrainingInfoProto proto) {
    return new OnnxTraining(
        proto.hasInitialization() ? graph(proto.getInitialization()) : null,
        proto.hasAlgorithm() ? graph(proto.getAlgorithm()) : null,
        entries(proto.getInitializationBindingList()),
        entries(proto.getUpdateBindingList()));
  }

  private Map<String, OnnxAttribute> attributes(List<AttributeProto> protos, String owner) {
    Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
    for (AttributeProto proto : protos) {
      String who = owner + ": attribute '" + proto.getName() + "'";
      if (attributes.put(proto.getName(), attribute(proto, who)) != null) {
        throw new OnnxModelException(who + " is given twice");
      }
    }
    return attributes;
  }

  private OnnxAttribute attribute(AttributeProto proto, String who) {
    if (!proto.getRefAttrName().isEmpty()) {
      return new OnnxAttribute.Reference(proto.getRefAttrName(), kind(proto, who));
    }
    return switch (kind(proto, who)) {
      case FLOAT -> new OnnxAttribute.FloatValue(proto.getF());
      case INT -> new OnnxAttribute.IntValue(proto.getI());
      case STRING -> new OnnxAttribute.StringValue(utf8(proto.getS(), who));
      case TENSOR -> new OnnxAttribute.TensorValue(tensor(proto.getT()));
      case GRAPH -> new OnnxAttribute.GraphValue(graph(proto.getG()));
      case FLOATS -> new OnnxAttribute.FloatList(proto.getFloatsList());
      case INTS -> new OnnxAttribute.IntList(proto.getIntsList());
      case STRINGS ->
          new OnnxAttribute.StringList(
              proto.getStringsList().stream().map(bytes -> utf8(bytes, who)).toList());
      case TENSORS ->
          new OnnxAttribute.TensorList(proto.getTensorsList().stream().map(this::tensor).toList());
      case GRAPHS ->
          new OnnxAttribute.GraphList(proto.getGraphsList().stream().map(this::graph).toList());
      case SPARSE -> sparse(proto.getSparseTensor());
      case TYPE -> new OnnxAttribute.TypeValue(requireType(proto.getTp(), who));
      case TYPES ->
          new OnnxAttribute.TypeList(
              proto.getTypeProtosList().stream().map(type -> requireType(type, who)).toList());
    };
  }

  private OnnxAttribute sparse(SparseTensorProto proto) {
    return new OnnxAttribute.SparseValue(
        tensor(proto.getValues()), tensor(proto.getIndices()), proto.getDimsList());
  }

  private static OnnxAttribute.Kind kind(AttributeProto proto, String who) {
    return switch (proto.getType()) {
      case FLOAT -> OnnxAttribute.Kind.FLOAT;
      case INT -> OnnxAttribute.Kind.INT;
      case STRING -> OnnxAttribute.Kind.STRING;
      case TENSOR -> OnnxAttribute.Kind.TENSOR;
      case GRAPH -> OnnxAttribute.Kind.GRAPH;
      case FLOATS -> OnnxAttribute.Kind.FLOATS;
      case INTS -> OnnxAttribute.Kind.INTS;
      case STRINGS -> OnnxAttribute.Kind.STRINGS;
      case TENSORS -> OnnxAttribute.Kind.TENSORS;
      case GRAPHS -> OnnxAttribute.Kind.GRAPHS;
      case SPARSE_TENSOR -> OnnxAttribute.Kind.SPARSE;
      case TYPE_PROTO -> OnnxAttribute.Kind.TYPE;
      case TYPE_PROTOS -> OnnxAttribute.Kind.TYPES;
      case SPARSE_TENSORS ->
          throw new UnsupportedPartException(who + " is a list of sparse tensors");
      case UNDEFINED -> throw new OnnxModelException(who + " does not say its type");
    };
  }

  private static OnnxValue value(ValueInfoProto proto) {
    return new OnnxValue(
        proto.getName(),
        proto.hasType() ? type(proto.getType(), "value '" + proto.getName() + "'") : null,
        proto.getDocString());
  }

  private static OnnxType requireType(TypeProto proto, String who) {
    OnnxType type = type(proto, who);
    if (type == null) {
      throw new OnnxModelException(who + " holds an empty type");
    }
    return type;
  }

  private static @Nullable OnnxType type(TypeProto proto, String who) {
    return switch (proto.getValueCase()) {
      case TENSOR_TYPE -> {
        var tensor = proto.getTensorType();
        // A tensor of undefined elements is how some writers say that they declare nothing.
        yield tensor.getElemType() == 0
            ? null
            : new OnnxType.Tensor(
                elementType(tensor.getElemType(), who),
                tensor.hasShape() ? dims(tensor.getShape()) : null);
      }
      case SPARSE_TENSOR_TYPE -> {
        var tensor = proto.getSparseTensorType();
        yield new OnnxType.SparseTensor(
            elementType(tensor.getElemType(), who),
            tensor.hasShape() ? dims(tensor.getShape()) : null);
      }
      case SEQUENCE_TYPE ->
          new OnnxType.Sequence(requireType(proto.getSequenceType().getElemType(), who));
      case OPTIONAL_TYPE ->
          new OnnxType.Optional(requireType(proto.getOptionalType().getElemType(), who));
      case MAP_TYPE ->
          new OnnxType.Mapping(
              elementType(proto.getMapType().getKeyType(), who),
              requireType(proto.getMapType().getValueType(), who));
      case OPAQUE_TYPE -> throw new UnsupportedPartException(who + " is of an opaque type");
      case VALUE_NOT_SET -> null;
    };
  }

  private static List<Dim> dims(TensorShapeProto proto) {
    List<Dim> dims = new ArrayList<>(proto.getDimCount());
    for (var dim : proto.getDimList()) {
      dims.add(
          switch (dim.getValueCase()) {
            // Old writers put -1 for a size that they did not know.
            case DIM_VALUE -> dim.getDimValue() < 0 ? Dim.unknown() : Dim.of(dim.getDimValue());
            case DIM_PARAM ->
                dim.getDimParam().isEmpty() ? Dim.unknown() : Dim.named(dim.getDimParam());
            case VALUE_NOT_SET -> Dim.unknown();
          });
    }
    return dims;
  }

  static ElementType elementType(int number, String who) {
    ElementType type = ElementType.ofNumber(number);
    if (type != null) {
      return type;
    }
    if (number <= 0) {
      throw new OnnxModelException(who + " has no element type (" + number + ")");
    }
    throw new UnsupportedPartException(who + " has the unknown element type number " + number);
  }

  static String utf8(ByteString bytes, String who) {
    if (!bytes.isValidUtf8()) {
      throw new UnsupportedPartException(who + " holds a string that is not UTF-8");
    }
    return bytes.toStringUtf8();
  }

  static Map<String, String> entries(List<StringStringEntryProto> protos) {
    Map<String, String> entries = new LinkedHashMap<>();
    for (StringStringEntryProto proto : protos) {
      if (entries.put(proto.getKey(), proto.getValue()) != null) {
        throw new OnnxModelException("key '" + proto.getKey() + "' is given twice in a map");
      }
    }
    return entries;
  }

  private static Map<String, Long> opsets(List<OperatorSetIdProto> protos) {
    Map<String, Long> opsets = new LinkedHashMap<>();
    for (OperatorSetIdProto proto : protos) {
      String domain = proto.getDomain().equals("ai.onnx") ? "" : proto.getDomain();
      Long before = opsets.put(domain, proto.getVersion());
      if (before != null && before != proto.getVersion()) {
        throw new OnnxModelException(
            "domain '"
                + domain
                + "' is imported at versions "
                + before
                + " and "
                + proto.getVersion());
      }
    }
    return opsets;
  }
}
