/// Tensors, functions, the graph they leave behind, and the engine that walks it back.
///
/// This module knows no operation's mathematics: operations come from plugins, the library
/// `dev.autograd.ops` being the first of them.
module dev.autograd {
  requires static transitive org.jspecify;

  exports dev.autograd;
  exports dev.autograd.functional;
  exports dev.autograd.method;
  exports dev.autograd.profile;
  exports dev.autograd.spi;

  uses dev.autograd.spi.OpProvider;
  uses dev.autograd.spi.TensorOperations;
}
