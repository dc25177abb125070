/// Layers, initialisers, losses and optimizers.
module dev.autograd.nn {
  requires transitive dev.autograd;
  requires transitive dev.autograd.ops;
  requires static transitive org.jspecify;

  exports dev.autograd.nn;
  exports dev.autograd.optim;
}
