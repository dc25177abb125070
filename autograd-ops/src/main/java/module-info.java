/// The operation library: the first plugin of `dev.autograd`, loaded as any other.
module dev.autograd.ops {
  requires transitive dev.autograd;
  requires transitive dev.autograd.kernel;
  requires static transitive org.jspecify;

  exports dev.autograd.ops;
  exports dev.autograd.ops.activation;
  exports dev.autograd.ops.arithmetic;
  exports dev.autograd.ops.attention;
  exports dev.autograd.ops.comparison;
  exports dev.autograd.ops.conv;
  exports dev.autograd.ops.elementary;
  exports dev.autograd.ops.index;
  exports dev.autograd.ops.linalg;
  exports dev.autograd.ops.loss;
  exports dev.autograd.ops.normalization;
  exports dev.autograd.ops.order;
  exports dev.autograd.ops.pointwise;
  exports dev.autograd.ops.random;
  exports dev.autograd.ops.recurrent;
  exports dev.autograd.ops.reduction;
  exports dev.autograd.ops.regularization;
  exports dev.autograd.ops.shape;
  exports dev.autograd.ops.special;
  exports dev.autograd.ops.trigonometry;

  provides dev.autograd.spi.OpProvider with
      dev.autograd.ops.CoreOps;
  provides dev.autograd.spi.TensorOperations with
      dev.autograd.ops.Operations;
}
