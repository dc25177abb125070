/// Whole steps as users run them, each written as it would be in PyTorch.
///
/// The workloads W1 to W9 are those that other systems are measured on, so that ratios can be
/// taken.
@NullMarked
package dev.autograd.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
