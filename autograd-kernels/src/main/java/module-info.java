/// Arrays in, arrays out: the numerical kernels. Nothing here knows what a tensor is.
module dev.autograd.kernel {
  requires static jdk.incubator.vector;
  requires static transitive org.jspecify;

  exports dev.autograd.kernel;
  exports dev.autograd.kernel.attention;
  exports dev.autograd.kernel.conv;
  exports dev.autograd.kernel.expr;
  exports dev.autograd.kernel.index;
  exports dev.autograd.kernel.linalg;
  exports dev.autograd.kernel.norm;
  exports dev.autograd.kernel.parallel;
  exports dev.autograd.kernel.pool;
  exports dev.autograd.kernel.random;
  exports dev.autograd.kernel.recurrent;
  exports dev.autograd.kernel.reduce;
  exports dev.autograd.kernel.sort;
}
