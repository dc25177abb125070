package dev.autograd.cli;

import dev.autograd.Operation;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.json.JsonObject;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Shows what is known of one operation.
@Command(name = "show", description = "Show one operation: its attributes and where it comes from.")
final class OpsShowCommand implements Runnable {
  private final RootCommand root;

  @Parameters(paramLabel = "OP", description = "The operation's name.")
  String name = "";

  OpsShowCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public void run() {
    OpRegistry.Entry entry = OperationNames.find(root.registry(), name);
    Operation op = entry.prototype();
    RecordComponent[] components = op.getClass().getRecordComponents();
    List<JsonObject> attributes = new ArrayList<>();
    StringBuilder signature = new StringBuilder();
    if (components != null) {
      for (RecordComponent c : components) {
        attributes.add(
            new JsonObject().put("name", c.getName()).put("type", c.getType().getSimpleName()));
        signature
            .append(signature.isEmpty() ? "" : ", ")
            .append(c.getType().getSimpleName())
            .append(' ')
            .append(c.getName());
      }
    }
    if (root.json()) {
      root.print(
          RootCommand.result()
              .put("name", entry.name())
              .put("provider", entry.provider())
              .put("source", entry.source())
              .put("class", op.getClass().getName())
              .put("differentiable", op.differentiable())
              .put("attributes", attributes)
              .put("defaults", op.toString()));
      return;
    }
    root.out.println(entry.name());
    root.out.println("  attributes  " + (signature.isEmpty() ? "none" : signature));
    root.out.println("  defaults    " + op);
    root.out.println("  gradient    " + (op.differentiable() ? "yes" : "no"));
    root.out.println("  class       " + op.getClass().getName());
    root.out.println("  provider    " + entry.provider());
    root.out.println("  source      " + entry.source());
    root.out.println("  check it    autograd gradcheck " + entry.name());
  }
}
