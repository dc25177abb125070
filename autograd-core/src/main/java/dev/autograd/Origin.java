package dev.autograd;

/// What a tensor knows of where it comes from: its place in the graph, or why it has none.
sealed interface Origin permits Slot, Cut {}
