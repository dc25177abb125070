/// Arrays in, arrays out: the numerical kernels. Nothing here knows what a tensor is.
module dev.autograd.kernel {
  requires static jdk.incubator.vector;
  requires static transitive org.jspecify;

  exports dev.autograd.kernel.linalg;
  exports dev.autograd.kernel.parallel;
}
