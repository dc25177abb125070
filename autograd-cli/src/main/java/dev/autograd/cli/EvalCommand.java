package dev.autograd.cli;

import dev.autograd.train.Evaluator;
import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import dev.autograd.train.TrainedModel;
import dev.autograd.train.data.DataSources;
import dev.autograd.train.data.DataSpec;
import dev.autograd.train.data.Dataset;
import dev.autograd.train.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Measures a trained model, and fails where it is not good enough.
@Command(
    name = "eval",
    description = "Measure a trained model on data.",
    footer = {
      "Ends with status 3 when --fail-under is not reached. Examples:",
      "  autograd eval latest",
      "  autograd eval latest --split validation --fail-under acc=0.95",
      ""
    })
final class EvalCommand implements Callable<Integer> {
  private static final List<String> LARGER_IS_BETTER = List.of("accuracy", "f1", "r2");

  private final RootCommand root;

  @Parameters(
      paramLabel = "RUN",
      description = "A run's folder or name, 'latest', or a checkpoint.")
  String run = "";

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description = "Other data than what the run was trained on.")
  @Nullable String data;

  @Option(
      names = "--split",
      paramLabel = "PART",
      description = "train, validation or test (default: test where there is one).")
  @Nullable String split;

  @Option(
      names = "--fail-under",
      paramLabel = "METRIC=VALUE",
      description = "The least accuracy (acc), f1 or r2; may be repeated.")
  Map<String, Double> least = new LinkedHashMap<>();

  EvalCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    if (data != null && split != null) {
      throw InputException.usage("--split parts the run's own data, --data names other data")
          .hint("Give one of them.")
          .build();
    }
    TrainedModel trained = Models.load(root, run);
    Dataset dataset = dataset(trained);
    if (dataset.size() == 0) {
      throw InputException.data("there are no samples in " + dataset.name()).build();
    }
    Evaluator.Result result = Evaluator.evaluate(trained.model(), dataset, trained.config().loss());
    List<String> missed = missed(result.values());
    if (root.json()) {
      JsonObject json =
          RootCommand.result()
              .put("checkpoint", trained.checkpoint().toString())
              .put("data", dataset.name())
              .put("samples", result.samples());
      JsonObject metrics = json.putObject("metrics");
      result.values().forEach(metrics::put);
      root.print(json.put("passed", missed.isEmpty()));
    } else {
      result.values().forEach((name, v) -> root.out.printf(Locale.ROOT, "%-9s %.6f%n", name, v));
      root.out.printf("%-9s %d (%s)%n", "samples", result.samples(), dataset.name());
    }
    if (!missed.isEmpty()) {
      throw new CommandException(ExitStatus.CHECK_FAILED, String.join("\n  ", missed));
    }
    return ExitStatus.OK.code();
  }

  private Dataset dataset(TrainedModel trained) {
    String other = data;
    if (other != null) {
      return DataSources.load(
          DataSpec.parse(other, Place.of("--data " + other)),
          trained.preprocessing(),
          true,
          trained.config().seed());
    }
    if (split != null) {
      return trained.split(split);
    }
    for (String part : List.of("test", "validation")) {
      Dataset found = trained.split(part);
      if (found.size() > 0) {
        return found;
      }
    }
    return trained.split("train");
  }

  private List<String> missed(Map<String, Double> values) {
    List<String> missed = new ArrayList<>();
    List<String> known = LARGER_IS_BETTER.stream().filter(values::containsKey).toList();
    least.forEach(
        (name, wanted) -> {
          String metric = name.equals("acc") ? "accuracy" : name;
          Double value = known.contains(metric) ? values.get(metric) : null;
          if (value == null) {
            throw InputException.usage("--fail-under: no metric '" + name + "'")
                .didYouMean(name, known)
                .expected("one of " + String.join(", ", known))
                .build();
          }
          if (!(value >= wanted)) {
            missed.add(
                String.format(Locale.ROOT, "%s is %.6f, which is under %s", metric, value, wanted));
          }
        });
    return missed;
  }
}
