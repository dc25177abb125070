package dev.autograd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.cli.CommandLineFixture.Outcome;
import dev.autograd.kernel.KernelForms.Form;
import dev.autograd.kernel.Simd;
import dev.autograd.train.Place;
import dev.autograd.train.json.Json;
import dev.autograd.train.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  private static final Place OUT = Place.of("stdout");
  private static final Processor WIDE = new Processor("some", List.of("avx512f"), 512);

  @TempDir Path folder;

  private Outcome run(String... args) {
    return new CommandLineFixture(folder).run(args);
  }

  @Test
  void tells_machine_vectors_threads_memory_and_kernels() {
    Outcome o = run("doctor", "--wait", "0");
    assertThat(o.status()).isZero();
    assertThat(o.out())
        .contains("vector module   present", Simd.description())
        .containsPattern("(?m)^threads +\\d+: one for each processor")
        .containsPattern("(?m)^memory +\\d+ MiB at most")
        .containsPattern("(?m)^kernels +(plain Java|vectors).*: .*matrix products f32")
        .containsPattern("(?m)^plugin +.*: \\d+ operations");
  }

  /// The tests run without the recommended flags.
  @Test
  void names_the_flags_that_are_missing() {
    Outcome o = run("doctor", "--wait", "0");
    assertThat(o.out())
        .containsPattern("(?m)^flags +missing .*" + VmFlag.PARALLEL.replace("+", "\\+"))
        .contains("  Add " + VmFlag.COMPACT);
  }

  @Test
  void json_holds_the_same() {
    Outcome o = run("--format", "json", "doctor", "--wait", "0", "--threads", "1");
    assertThat(o.status()).isZero();
    JsonObject json = Json.parse(o.out(), OUT);
    assertThat(json.integer("schema", OUT)).isEqualTo(1);
    assertThat(json.text("threads", OUT)).isEqualTo("1: set by --threads");
    assertThat(json.object("kernels", OUT).names()).contains("convolutions f64", "pooling f32");
    assertThat(json.list("advice", JsonObject.class, OUT))
        .anySatisfy(a -> assertThat(a.text("todo", OUT)).isEqualTo("Add " + VmFlag.PARALLEL));
  }

  @Test
  void a_negative_wait_is_a_wrong_usage() {
    Outcome o = run("doctor", "--wait", "-1");
    assertThat(o.status()).isEqualTo(2);
    assertThat(o.err()).contains("--wait");
  }

  @Test
  void the_trial_reaches_every_family() {
    Map<String, Form> forms = KernelTrial.run(Duration.ZERO);
    for (String type : List.of("f32", "f64")) {
      for (String family :
          List.of(
              "matrix products",
              "attention",
              "convolutions",
              "planar convolutions",
              "normalizations",
              "normalizations of short rows",
              "reductions",
              "pooling")) {
        assertThat(forms.get(family + " " + type))
            .as(family)
            .isIn(Form.WARMING, Form.VECTOR, Form.REFUSED);
      }
      assertThat(forms).containsKey("matrix products " + type + ", edges");
    }
    assertThat(forms).hasSize(18);
  }

  @Test
  void a_family_that_is_not_in_vectors_comes_with_a_next_step() {
    var doctor =
        new Doctor(
            WIDE,
            Map.of("a", Form.WARMING, "b", Form.REFUSED, "c", Form.VECTOR, "d", Form.UNUSED),
            false);
    assertThat(doctor.advice())
        .extracting(Doctor.Advice::about)
        .contains("vectors have not proved faster than plain Java yet: a; d")
        .contains("vectors never proved faster than plain Java, which stays: b")
        .noneMatch(about -> about.endsWith(" c"));
    assertThat(doctor.advice())
        .extracting(Doctor.Advice::todo)
        .anyMatch(todo -> todo.contains("--wait"))
        .anyMatch(todo -> todo.contains("--simd"));
  }

  @Test
  void the_recommended_flags_are_those_of_the_launcher() throws IOException {
    String launcher = Files.readString(Path.of("../launcher/flags.sh"));
    for (VmFlag flag : VmFlag.recommended()) {
      assertThat(launcher).contains(flag.flag());
    }
    assertThat(launcher).contains("--add-modules jdk.incubator.vector");
  }

  @Test
  void a_processor_of_either_kind_tells_its_vectors() {
    assertThat(Processor.of(List.of("model name\t: Some CPU", "flags\t\t: fpu avx2 avx avx512f")))
        .isEqualTo(new Processor("Some CPU", List.of("avx", "avx2", "avx512f"), 512));
    assertThat(Processor.of(List.of("processor : 0", "Features\t: fp asimd")).bits())
        .isEqualTo(128);
    assertThat(Processor.of(List.of()).bits()).isZero();
  }
}
