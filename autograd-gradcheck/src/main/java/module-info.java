/// Compares the gradients of operations with finite differences.
module dev.autograd.gradcheck {
  requires transitive dev.autograd;
  requires static transitive org.jspecify;
  requires static org.junit.jupiter.api;

  exports dev.autograd.gradcheck;
  exports dev.autograd.gradcheck.junit;

  uses dev.autograd.spi.OpProvider;
}
