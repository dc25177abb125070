package dev.autograd.cli;

import dev.autograd.train.Place;
import dev.autograd.train.TrainedModel;
import dev.autograd.train.TrainedModel.Prediction;
import dev.autograd.train.data.DataSources;
import dev.autograd.train.data.DataSpec;
import dev.autograd.train.data.Dataset;
import dev.autograd.train.data.TargetEncoding.ClassTarget;
import dev.autograd.train.json.Json;
import dev.autograd.train.json.JsonObject;
import dev.autograd.train.run.AtomicFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Answers the samples of a file, one line each.
@Command(
    name = "predict",
    description = "Predict with a trained model.",
    footer = {
      "Examples:",
      "  autograd predict latest --data new.csv --out answers.csv",
      "  cat new.csv | autograd predict latest --data - --as jsonl --proba",
      ""
    })
final class PredictCommand implements Runnable {
  /// How answers are written.
  enum Layout {
    csv,
    jsonl
  }

  private final RootCommand root;

  @Parameters(
      paramLabel = "RUN",
      description = "A run's folder or name, 'latest', or a checkpoint.")
  String run = "";

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DATA",
      description = "What to predict for: a file or folder, '-' for a CSV on standard input.")
  String data = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write there (default: standard output).")
  @Nullable Path file;

  @Option(
      names = "--as",
      paramLabel = "LAYOUT",
      defaultValue = "csv",
      description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}); --format json is jsonl.")
  Layout layout = Layout.csv;

  @Option(names = "--proba", description = "Also the probability of every class.")
  boolean probabilities;

  PredictCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public void run() {
    TrainedModel trained = Models.load(root, run);
    Dataset dataset = dataset(trained);
    List<String> classes =
        trained.preprocessing().target() instanceof ClassTarget t ? t.classes() : List.of();
    StringBuilder text = new StringBuilder();
    if (root.json() || layout == Layout.jsonl) {
      trained.predict(dataset, p -> text.append(json(p, classes)).append('\n'));
    } else {
      header(text, classes);
      trained.predict(dataset, p -> csv(text, p, classes));
    }
    Path target = file;
    if (target == null) {
      root.out.print(text);
    } else {
      AtomicFiles.write(target, text.toString());
      root.say(dataset.size() + " predictions in " + target);
    }
  }

  private Dataset dataset(TrainedModel trained) {
    if (data.equals("-")) {
      return DataSources.load(System.in, Place.of("<stdin>"), ',', trained.preprocessing(), false);
    }
    return DataSources.load(
        DataSpec.parse(data, Place.of("--data " + data)),
        trained.preprocessing(),
        false,
        trained.config().seed());
  }

  private void header(StringBuilder text, List<String> classes) {
    List<String> columns = new ArrayList<>();
    columns.add("row");
    if (classes.isEmpty()) {
      columns.add("value");
    } else {
      columns.addAll(List.of("label", "probability"));
      if (probabilities) {
        classes.forEach(c -> columns.add(quoted("p_" + c)));
      }
    }
    text.append(String.join(",", columns)).append('\n');
  }

  private void csv(StringBuilder text, Prediction p, List<String> classes) {
    text.append(p.row());
    if (!classes.isEmpty()) {
      text.append(',').append(quoted(p.label()));
    }
    text.append(',').append(p.value());
    if (probabilities) {
      p.probabilities().forEach(v -> text.append(',').append(v));
    }
    text.append('\n');
  }

  private String json(Prediction p, List<String> classes) {
    JsonObject line = new JsonObject().put("schema", 1).put("row", p.row());
    if (classes.isEmpty()) {
      line.put("value", p.value());
    } else {
      line.put("label", p.label()).put("probability", p.value());
      if (probabilities) {
        JsonObject all = line.putObject("probabilities");
        for (int c = 0; c < classes.size(); c++) {
          all.put(classes.get(c), p.probabilities().get(c));
        }
      }
    }
    return Json.line(line).strip();
  }

  private static String quoted(String field) {
    return field.matches("[^\",\\r\\n]*") ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
