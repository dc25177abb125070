/// The operation library: the first plugin of `dev.autograd`, loaded as any other.
module dev.autograd.ops {
  requires transitive dev.autograd;
  requires transitive dev.autograd.kernel;
  requires static transitive org.jspecify;
}
