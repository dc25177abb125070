package dev.autograd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.cli.CommandLineFixture.Outcome;
import dev.autograd.train.Place;
import dev.autograd.train.json.Json;
import dev.autograd.train.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  private static final Place STDOUT = Place.of("stdout");

  @TempDir Path folder;

  private CommandLineFixture shell() {
    return new CommandLineFixture(folder);
  }

  @Test
  void withoutArgumentsTheEmbeddedDigitsAreLearnt() throws IOException {
    Outcome o = shell().run("train", "--format", "json");
    assertThat(o.status()).as(o.err()).isZero();
    JsonObject json = Json.parse(o.out(), STDOUT);
    assertThat(json.text("status", STDOUT)).isEqualTo("finished");
    assertThat(json.object("test", STDOUT).number("accuracy", STDOUT)).isGreaterThan(0.97);
    assertThat(o.err()).contains("epoch=30/30 ").doesNotContain("\r");
    assertThat(CommandLineFixture.names(Path.of(json.text("run", STDOUT))))
        .contains("checkpoints", "config.yaml", "log.txt", "metrics.jsonl", "run.json");
  }

  @Test
  void aRunIsMeasuredAndPredictsFromStandardInput() throws IOException {
    StringBuilder csv = new StringBuilder("width,kind\n");
    for (int i = 0; i < 60; i++) {
      csv.append(i % 2 * 10 + i % 7 * 0.1).append(i % 2 == 0 ? ",thin\n" : ",thick\n");
    }
    String data = shell().write("kinds.csv", csv.toString()).toString();
    assertThat(shell().run("train", "--data", data, "--target", "kind").status()).isZero();
    assertThat(shell().run("eval", "latest", "--fail-under", "acc=0.99").status()).isZero();

    Outcome o = shell().runWithInput("width\n0.2\n10.3\n", "predict", "latest", "--data", "-");
    assertThat(o.out()).startsWith("row,label,probability\n0,thin,").contains("\n1,thick,");
    Outcome bad = shell().runWithInput("width\n0.2\nwide\n", "predict", "latest", "--data", "-");
    assertThat(bad.status()).isEqualTo(4);
    assertThat(bad.err()).contains("column 'width' holds numbers, got 'wide' in <stdin>:3");
  }

  @Test
  void anOptionTheModelDoesNotHaveIsRefused() throws IOException {
    Outcome o = shell().run("train", "--model", "cnn", "--set", "model.chanels=3");
    assertThat(o.status()).isEqualTo(2);
    assertThat(o.err()).contains("chanels").contains("did you mean 'channels'?");
    assertThat(shell().runs()).isEmpty();
  }

  @Test
  void aDamagedRunIsListedBesideTheOthers() throws IOException {
    assertThat(shell().run("train", "--epochs", "1", "--name", "whole").status()).isZero();
    Path broken = Files.createDirectories(folder.resolve("runs/broken"));
    Files.writeString(broken.resolve("run.json"), "{");
    Outcome o = shell().run("runs");
    assertThat(o.status()).isZero();
    assertThat(o.out()).containsPattern("_whole +finished").containsPattern("broken +damaged");
    assertThat(shell().run("runs", "--format", "json").out()).contains("malformed JSON");
  }

  @Test
  void aScoreThatIsTooLowEndsWithStatusThree() {
    assertThat(shell().run("train", "--epochs", "1").status()).isZero();
    Outcome o = shell().run("eval", "latest", "--fail-under", "acc=1.0");
    assertThat(o.status()).isEqualTo(3);
    assertThat(o.err()).contains("accuracy is 0.").contains("under 1.0");
  }

  @Test
  void aRunThatEndedGoesOnWithMoreEpochs() throws IOException {
    assertThat(shell().run("train", "--epochs", "2", "--name", "two").status()).isZero();
    Outcome complete = shell().run("train", "--resume", "latest");
    assertThat(complete.status()).isEqualTo(2);
    assertThat(complete.err()).contains("complete").contains("--epochs 4");
    Outcome changed = shell().run("train", "--resume", "latest", "--lr", "1");
    assertThat(changed.status()).isEqualTo(2);
    assertThat(changed.err()).contains("only --epochs can be changed");
    Outcome more = shell().run("train", "--resume", "latest", "--epochs", "3");
    assertThat(more.status()).as(more.err()).isZero();
    assertThat(more.err()).contains("epoch=3/3").doesNotContain("epoch=1/3");
    assertThat(shell().runs()).hasSize(1);
  }

  @Test
  void aLossThatDivergesEndsWithStatusFive() throws IOException {
    Outcome o = shell().run("train", "--optimizer", "sgd", "--lr", "1e20", "--name", "far");
    assertThat(o.status()).isEqualTo(5);
    assertThat(o.err()).contains("the loss became NaN in epoch 1").contains("learning rate");
    assertThat(shell().runs()).hasSize(1);
    Outcome used = shell().run("eval", "latest");
    assertThat(used.status()).isEqualTo(4);
    assertThat(used.err()).contains("has no checkpoint yet").contains("failed in its first epoch");
  }

  @Test
  void whatIsWrongWithTheDataOrTheModelLeavesNoRun() throws IOException {
    String ragged = shell().write("ragged.csv", "a,b\n1,x\n2,y,z\n").toString();
    String layers = shell().write("net.yaml", "layers:\n  - flatten\n  - rellu\n").toString();
    String java =
        shell()
            .write("Net.java", "class Net extends dev.autograd.nn.Layer {\n  int x = \"1\";\n}\n")
            .toString();

    Outcome data = shell().run("train", "--data", ragged, "--target", "b");
    assertThat(data.status()).isEqualTo(4);
    assertThat(data.err()).contains("the row has 3 fields, the header 2").contains("ragged.csv:3");
    Outcome model = shell().run("train", layers);
    assertThat(model.status()).isEqualTo(2);
    assertThat(model.err()).contains("net.yaml:3:5").contains("did you mean 'relu'?");
    Outcome source = shell().run("train", java);
    assertThat(source.status()).isEqualTo(2);
    assertThat(source.err()).contains("does not compile").contains("Net.java:2:");
    assertThat(shell().runs()).isEmpty();
  }

  @Test
  void aJavaFileWithOrdinaryControlFlowIsTrained() throws IOException {
    String net =
        shell()
            .write(
                "Net.java",
                """
                import dev.autograd.Tensor;
                import dev.autograd.nn.Layer;
                import dev.autograd.nn.Linear;

                class Net extends Layer {
                  private final Linear in = child("in", new Linear(64, 32));
                  private final Linear same = child("same", new Linear(32, 32));
                  private final Linear out = child("out", new Linear(32, 10));

                  @Override
                  public Tensor forward(Tensor x) {
                    Tensor h = in.forward(x.reshape(-1, 64)).relu();
                    int times = h.mean().item() > 0.1 ? 2 : 1;
                    for (int i = 0; i < times; i++) {
                      h = same.forward(h).relu();
                    }
                    return out.forward(h);
                  }
                }
                """)
            .toString();
    Outcome o = shell().run("train", net, "--epochs", "8");
    assertThat(o.status()).as(o.err()).isZero();
    assertThat(shell().run("eval", "latest", "--fail-under", "acc=0.8").status()).isZero();

    Path file = folder.resolve("net.onnx");
    Outcome export = shell().run("export", "onnx", "latest", "-o", file.toString());
    assertThat(export.status()).isEqualTo(6);
    assertThat(export.err()).startsWith("error: ").contains("item").contains("Net.java:");
    assertThat(Files.exists(file)).isFalse();
    assertThat(CommandLineFixture.names(folder)).containsExactly("Net.java", "runs");
  }

  @Test
  void theMergedConfigurationIsPrintedWithItsSources() throws IOException {
    Path config = shell().write("a.yaml", "train: {epochs: 5}\noptimizer: {lr: 0.5}\n");
    Outcome o = shell().run("train", "-c", config.toString(), "--lr", "0.25", "--print-config");
    assertThat(o.status()).isZero();
    assertThat(o.out())
        .containsPattern("epochs: 5 +# .*a.yaml:1")
        .containsPattern("lr: 0.25 +# --lr 0.25")
        .containsPattern("batchSize: 32 +# default");
    assertThat(shell().runs()).isEmpty();
  }

  @Test
  void aModelIsExportedAndTheFileProved() {
    assertThat(shell().run("train", "--epochs", "1", "--model", "cnn").status()).isZero();
    Path file = folder.resolve("cnn.onnx");
    Outcome o = shell().run("export", "onnx", "latest", "-o", file.toString(), "--format", "json");
    assertThat(o.status()).as(o.err()).isZero();
    JsonObject json = Json.parse(o.out(), STDOUT);
    assertThat(json.integer("opset", STDOUT)).isEqualTo(17);
    assertThat(json.number("largestDifference", STDOUT)).isLessThan(1e-5);

    Outcome nowhere = shell().run("export", "onnx", "latest", "-o", folder + "/none/x.onnx");
    assertThat(nowhere.status()).isEqualTo(4);
    assertThat(nowhere.err()).contains("does not exist");
    assertThat(shell().run("export", "onnx", "latest", "-o", "x", "--opset", "3").status())
        .isEqualTo(2);
  }
}
