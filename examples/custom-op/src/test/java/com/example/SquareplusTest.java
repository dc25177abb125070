package com.example;

import dev.autograd.Operation;
import dev.autograd.gradcheck.junit.OperationContract;
import java.util.Collection;

/// Gradients of first and second order, single precision, determinism: all from the formula's samples.
final class SquareplusTest implements OperationContract {
  @Override
  public Collection<Operation> operations() {
    return new Squareplus.Plugin().operations();
  }
}
