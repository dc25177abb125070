package dev.autograd.cli;

import dev.autograd.gradcheck.Finding;
import dev.autograd.gradcheck.OperationCheck;
import dev.autograd.gradcheck.OperationCheckOptions;
import dev.autograd.gradcheck.OperationReport;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Compares the gradients of operations with finite differences.
@Command(
    name = "gradcheck",
    description = {
      "Compare the gradients of operations with finite differences.",
      "Also tangents (forward mode) with gradients, and batches (vmap) with single samples."
    },
    footer = {
      "Ends with status 3 when a gradient is wrong. Examples:",
      "  autograd gradcheck softmax matmul --order 1",
      "  autograd --plugin my-ops.jar gradcheck my_op",
      ""
    })
final class GradcheckCommand implements Callable<Integer> {
  private static final int SHOWN_FINDINGS = 3;

  private final RootCommand root;

  @Parameters(
      paramLabel = "OP",
      arity = "0..*",
      description = "Operations; all where none is named.")
  List<String> names = new ArrayList<>();

  @Option(
      names = "--order",
      paramLabel = "N",
      defaultValue = "2",
      description = "1 for first derivatives, 2 for second ones too (default ${DEFAULT-VALUE}).")
  int order;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Decides the random inputs (default ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "3",
      description = "Draw each operation's samples N times (default ${DEFAULT-VALUE}).")
  int rounds;

  @Option(names = "--fail-fast", description = "Stop at the first operation that is wrong.")
  boolean failFast;

  GradcheckCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    OperationCheckOptions options = options();
    OpRegistry registry = root.registry();
    Map<OpRegistry.Entry, OperationReport> reports = new LinkedHashMap<>();
    Collection<OpRegistry.Entry> chosen = chosen(registry);
    boolean failed = false;
    for (OpRegistry.Entry entry : chosen) {
      if (root.verbose) {
        root.say("checking " + entry.name());
      }
      OperationReport report = OperationCheck.check(entry.prototype(), options);
      reports.put(entry, report);
      failed |= !report.passed();
      if (failed && failFast) {
        break;
      }
    }
    if (root.json()) {
      root.print(json(reports, chosen.size()));
    } else {
      print(reports, chosen.size());
    }
    return (failed ? ExitStatus.CHECK_FAILED : ExitStatus.OK).code();
  }

  private OperationCheckOptions options() {
    try {
      return OperationCheckOptions.DEFAULTS.withOrder(order).withSeed(seed).withRounds(rounds);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage()).replace("rounds:", "samples:");
      throw new CommandException(ExitStatus.USAGE, "--" + message, e);
    }
  }

  private Collection<OpRegistry.Entry> chosen(OpRegistry registry) {
    if (names.isEmpty()) {
      return registry.entries();
    }
    return names.stream().distinct().map(name -> OperationNames.find(registry, name)).toList();
  }

  private void print(Map<OpRegistry.Entry, OperationReport> reports, int asked) {
    Table table =
        new Table(
            "operation", "provider", ">samples", ">compared", ">worst error", ">ms", "result");
    reports.forEach(
        (entry, r) ->
            table.row(
                r.name(),
                entry.provider(),
                String.valueOf(r.samples()),
                String.valueOf(r.comparisons()),
                String.format(Locale.ROOT, "%.1e", r.worstError()),
                String.valueOf(r.elapsed().toMillis()),
                verdict(r)));
    table.print(root.out);
    for (OperationReport r : reports.values()) {
      if (!r.passed()) {
        explain(r);
      }
    }
    long wrong = reports.values().stream().filter(r -> !r.passed()).count();
    long compared = reports.values().stream().mapToLong(OperationReport::comparisons).sum();
    root.out.printf(
        Locale.ROOT,
        "%n%d of %d operations right, %d wrong%s; %d numbers compared, seed %d%n",
        reports.size() - wrong,
        asked,
        wrong,
        reports.size() < asked ? ", %d not checked".formatted(asked - reports.size()) : "",
        compared,
        seed);
  }

  private static String verdict(OperationReport r) {
    if (!r.passed()) {
      return "WRONG";
    }
    return r.differentiable() ? "ok" : "ok (no gradient)";
  }

  private void explain(OperationReport report) {
    List<Finding> findings = report.findings();
    root.out.println();
    root.out.println(report.name() + " is wrong:");
    for (Finding f : findings.subList(0, Math.min(SHOWN_FINDINGS, findings.size()))) {
      root.out.println("  " + f.kind() + " in " + f.operation());
      if (f.element() != null) {
        root.out.println(
            "    input %d, element %s: analytic %s, numeric %s"
                .formatted(f.input(), f.element(), f.analytic(), f.numeric()));
      }
      root.out.println("    " + f.detail());
    }
    if (findings.size() > SHOWN_FINDINGS) {
      root.out.println("  and " + (findings.size() - SHOWN_FINDINGS) + " more of this operation");
    }
    root.out.println("  replay: " + replay(report.name(), findings.getFirst()));
  }

  /// Returns the command that finds the same again.
  private String replay(String name, Finding finding) {
    StringBuilder command = new StringBuilder("autograd");
    for (Path plugin : root.plugins) {
      command.append(" --plugin ").append(quoted(plugin.toString()));
    }
    return command
        .append(" gradcheck ")
        .append(name)
        .append(" --order ")
        .append(order)
        .append(" --seed ")
        .append(finding.seed())
        .append(" --samples 1")
        .toString();
  }

  private static String quoted(String word) {
    return word.matches("[\\p{L}\\p{N}_./:=+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private JsonObject json(Map<OpRegistry.Entry, OperationReport> reports, int asked) {
    List<JsonObject> operations = new ArrayList<>();
    reports.forEach(
        (entry, r) -> {
          List<JsonObject> findings = new ArrayList<>();
          for (Finding f : r.findings()) {
            JsonObject finding =
                new JsonObject()
                    .put("kind", f.kind().name())
                    .put("operation", f.operation())
                    .put("seed", f.seed())
                    .put("sample", f.sample())
                    .put("detail", f.detail())
                    .put("replay", replay(r.name(), f));
            if (f.element() != null) {
              finding
                  .put("input", f.input())
                  .put("element", f.element())
                  .put("analytic", f.analytic())
                  .put("numeric", f.numeric());
            }
            findings.add(finding);
          }
          operations.add(
              new JsonObject()
                  .put("name", r.name())
                  .put("provider", entry.provider())
                  .put("passed", r.passed())
                  .put("differentiable", r.differentiable())
                  .put("samples", r.samples())
                  .put("comparisons", r.comparisons())
                  .put("worstError", r.worstError())
                  .put("milliseconds", r.elapsed().toMillis())
                  .put("findings", findings));
        });
    return RootCommand.result()
        .put("passed", reports.values().stream().allMatch(OperationReport::passed))
        .put("asked", asked)
        .put("checked", reports.size())
        .put("order", order)
        .put("seed", seed)
        .put("operations", operations);
  }
}
