package dev.autograd.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSpecTest {
  @TempDir Path folder;
  private Place place;

  @BeforeEach
  void files() throws IOException {
    Files.writeString(folder.resolve("iris.csv"), "x,y\n1,a\n");
    Files.writeString(folder.resolve("table.tsv"), "x\ty\n1\ta\n");
    Files.writeString(folder.resolve("train-images-idx3-ubyte.gz"), "");
    Files.writeString(folder.resolve("notes.docx"), "");
    Files.createDirectory(folder.resolve("fashion"));
    place = Place.of(folder.resolve("config.yaml"));
  }

  private InputException failure(String text) {
    InputException e =
        catchThrowableOfType(InputException.class, () -> DataSpec.parse(text, place));
    assertThat(e).as(text).isNotNull();
    return e;
  }

  @Test
  void namesPathsAndLongFormsAreUnderstood() {
    assertThat(DataSpec.parse("digits", place)).isEqualTo(new DataSpec.Digits());
    assertThat(DataSpec.parse("iris.csv", place))
        .isEqualTo(new DataSpec.Csv(folder.resolve("iris.csv"), CsvOptions.defaults()));
    assertThat(DataSpec.parse("fashion", place))
        .isEqualTo(new DataSpec.Idx(folder.resolve("fashion")));
    assertThat(DataSpec.parse("train-images-idx3-ubyte.gz", place))
        .isEqualTo(new DataSpec.Idx(folder.resolve("train-images-idx3-ubyte.gz")));
    assertThat(DataSpec.parse("moons:?samples=50&noise=0.2", place))
        .isEqualTo(new DataSpec.Synthetic(DataSpec.Synthetic.Shape.MOONS, 50, 0.2));
    assertThat(
            DataSpec.parse(
                "csv:iris.csv?target=x&task=regression&drop=a,b&categorical=c&delimiter=semicolon",
                place))
        .isEqualTo(
            new DataSpec.Csv(
                folder.resolve("iris.csv"),
                new CsvOptions(
                    "x", CsvOptions.Task.REGRESSION, List.of("a", "b"), List.of("c"), ';')));
    assertThat(((DataSpec.Csv) DataSpec.parse("table.tsv?target=y", place)).options().delimiter())
        .isEqualTo('\t');
  }

  @Test
  void unknownNamesGetSuggestions() {
    assertThat(failure("digit"))
        .hasMessageContaining("did you mean 'digits'?")
        .extracting(InputException::exitCode)
        .isEqualTo(2);
    assertThat(failure("irsi.csv"))
        .hasMessageContaining("no such data file or folder")
        .hasMessageContaining("did you mean 'iris.csv'?")
        .extracting(InputException::exitCode)
        .isEqualTo(4);
    assertThat(failure("notes.docx"))
        .hasMessageContaining("cannot tell what kind of data")
        .hasMessageContaining("csv:notes.docx");
  }

  @Test
  void wrongOptionsAreNamed() {
    assertThat(failure("csv:iris.csv?tagret=y"))
        .hasMessageContaining("unknown option 'tagret' of csv")
        .hasMessageContaining("did you mean 'target'?");
    assertThat(failure("csv:iris.csv?target")).hasMessageContaining("has no value");
    assertThat(failure("csv:iris.csv?target=x&target=y")).hasMessageContaining("stands twice");
    assertThat(failure("csv:iris.csv?task=guess")).hasMessageContaining("unknown task 'guess'");
    assertThat(failure("csv:iris.csv?delimiter=x")).hasMessageContaining("unknown delimiter");
    assertThat(failure("csv")).hasMessageContaining("'csv' needs a path");
    assertThat(failure("digits:here")).hasMessageContaining("'digits' takes no path");
    assertThat(failure("digits:?a=1")).hasMessageContaining("digits takes no options");
    assertThat(failure("moons:?samples=many")).hasMessageContaining("must be a number");
    assertThat(failure("moons:?samples=2")).hasMessageContaining("out of range");
    assertThat(failure("moons:?noise=-1")).hasMessageContaining("out of range");
  }
}
