package dev.autograd.cli;

import dev.autograd.spi.OpRegistry;
import dev.autograd.train.InputException;
import dev.autograd.train.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Lists the operations and where they come from.
@Command(name = "list", description = "List all operations.")
final class OpsListCommand implements Runnable {
  private final RootCommand root;

  @Option(names = "--provider", paramLabel = "NAME", description = "Only those of this plugin.")
  @Nullable String provider;

  OpsListCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public void run() {
    OpRegistry registry = root.registry();
    List<OpRegistry.Entry> shown =
        registry.entries().stream()
            .filter(e -> provider == null || e.provider().equals(provider))
            .toList();
    if (shown.isEmpty() && provider != null) {
      throw InputException.usage("no plugin '" + provider + "' is loaded")
          .didYouMean(
              provider,
              registry.entries().stream().map(OpRegistry.Entry::provider).distinct().toList())
          .build();
    }
    if (root.json()) {
      List<JsonObject> operations = new ArrayList<>();
      for (OpRegistry.Entry e : shown) {
        operations.add(
            new JsonObject()
                .put("name", e.name())
                .put("provider", e.provider())
                .put("differentiable", e.prototype().differentiable())
                .put("source", e.source()));
      }
      root.print(RootCommand.result().put("operations", operations));
      return;
    }
    Table table = new Table("operation", "provider", "gradient");
    for (OpRegistry.Entry e : shown) {
      table.row(e.name(), e.provider(), e.prototype().differentiable() ? "yes" : "no");
    }
    table.print(root.out);
    root.say(shown.size() + " operations");
  }
}
