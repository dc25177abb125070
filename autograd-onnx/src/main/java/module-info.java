/// ONNX files and graphs: the format, its operators, a builder, a checker, an exporter and an
/// evaluator.
///
/// protobuf stays inside: no exported signature names one of its types.
module dev.autograd.onnx {
  requires static transitive org.jspecify;
  requires transitive dev.autograd;
  requires dev.autograd.ops;
  requires com.google.protobuf;

  exports dev.autograd.onnx;
  exports dev.autograd.onnx.eval;
  exports dev.autograd.onnx.model;
}
