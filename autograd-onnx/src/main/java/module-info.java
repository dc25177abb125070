/// ONNX files and graphs: the format, its operators, a builder and a checker.
///
/// protobuf stays inside: no exported signature names one of its types.
module dev.autograd.onnx {
  requires static transitive org.jspecify;
  requires com.google.protobuf;

  exports dev.autograd.onnx;
  exports dev.autograd.onnx.model;
}
