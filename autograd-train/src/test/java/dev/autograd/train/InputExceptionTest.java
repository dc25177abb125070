package dev.autograd.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputExceptionTest {
  @Test
  void theMessageNamesPlaceLineExpectationAndAdvice() {
    Place place = Place.of(Path.of("experiments/moons.yaml")).at(14, 3).withText("  lr: 1e-3");
    InputException e =
        InputException.config("unknown key 'optimiser.lr'")
            .at(place)
            .expected("a key of the optimizer")
            .didYouMean("optimiser.lr", List.of("loss", "optimizer.lr"))
            .hint("keys here: optimizer.{type,lr}")
            .build();
    assertThat(e)
        .hasMessage(
            """
            unknown key 'optimiser.lr' in experiments/moons.yaml:14:3
              14 |   lr: 1e-3
              expected a key of the optimizer
              did you mean 'optimizer.lr'?
              keys here: optimizer.{type,lr}\
            """);
    assertThat(e.place()).contains(place);
    assertThat(e.suggestion()).contains("optimizer.lr");
    assertThat(e.hints()).containsExactly("keys here: optimizer.{type,lr}");
  }

  @Test
  void kindsDecideTheExitStatus() {
    assertThat(InputException.usage("x").build().exitCode()).isEqualTo(2);
    assertThat(InputException.config("x").build().exitCode()).isEqualTo(2);
    assertThat(InputException.data("x").build().exitCode()).isEqualTo(4);
  }

  @Test
  void aByteOffsetIsPartOfThePlace() {
    assertThat(InputException.data("truncated").at(Place.of("a.idx").atByte(16)).build())
        .hasMessage("truncated in a.idx, byte 16");
  }

  @Test
  void failedFileOperationsAreWordedPlainly() {
    assertThat(
            InputException.io(
                InputException.Kind.DATA,
                "read",
                Place.of(Path.of("iris.csv")),
                new NoSuchFileException("iris.csv")))
        .hasMessage("cannot read iris.csv: no such file or folder");
  }

  @Test
  void relativePathsStartAtTheFolderOfTheirFile() {
    assertThat(Place.of(Path.of("/home/me/run.yaml")).resolve("../data/a.csv"))
        .isEqualTo(Path.of("/home/data/a.csv"));
    assertThat(Place.of("--data a.csv").resolve("a.csv"))
        .isEqualTo(Path.of("a.csv").toAbsolutePath());
  }
}
