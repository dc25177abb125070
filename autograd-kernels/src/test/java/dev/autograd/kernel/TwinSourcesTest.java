package dev.autograd.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `tools/TwinSources.java` writes, and what it refuses.
class TwinSourcesTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir Path folder;

  @Test
  void writes_a_twin_by_the_table_of_substitutions() throws Exception {
    write(
        "sources/p/DotF32.java",
        """
        // Twin: DotF64.java, f32 as f64, by tools/TwinSources.java.
        package p;

        /// A dot product in f32.
        final class DotF32 {
          static final int LANES = 128 / Float.BYTES;
          static final float[] FLOATS = Scratch.floats(TileF32.SIZE + 0x1f);
          float a = 0f + 0.5f - 1e-3f * 0x1p23f + 2.f + .5F;
          FloatVector v = x.reinterpretAsFloats(f32(), floating, Floating.f);
        }
        """);
    assertThat(run()).isEmpty();
    assertThat(read("out/p/DotF64.java"))
        .isEqualTo(
            """
            // Written by tools/TwinSources.java from DotF32.java.
            package p;

            /// A dot product in f64.
            final class DotF64 {
              static final int LANES = 128 / Double.BYTES;
              static final double[] DOUBLES = Scratch.doubles(TileF64.SIZE + 0x1f);
              double a = 0.0 + 0.5 - 1e-3 * 0x1p23 + 2. + .5;
              DoubleVector v = x.reinterpretAsDoubles(f64(), floating, Floating.f);
            }
            """);
  }

  @Test
  void repeats_a_block_for_every_type_and_imports_what_it_needs() throws Exception {
    write(
        "twins/p/Index.java",
        """
        package p;

        import java.util.Arrays;
        import q.FloatLog;

        final class Index {
          // Twins: f32 as f64, i32.

          /// Clears f32.
          static void clear(float[] x) {
            Arrays.fill(x, 0f);
          }

          // End of twins.

          static int size() {
            return 1;
          }
        }
        """);
    assertThat(run()).isEmpty();
    assertThat(read("out/p/Index.java"))
        .isEqualTo(
            """
            // Written by tools/TwinSources.java from Index.java.
            package p;

            import java.util.Arrays;
            import q.DoubleLog;
            import q.FloatLog;
            import q.IntLog;

            final class Index {
              /// Clears f32.
              static void clear(float[] x) {
                Arrays.fill(x, 0f);
              }

              /// Clears f64.
              static void clear(double[] x) {
                Arrays.fill(x, 0.0);
              }

              /// Clears i32.
              static void clear(int[] x) {
                Arrays.fill(x, 0);
              }

              static int size() {
                return 1;
              }
            }
            """);
  }

  @Test
  void writes_a_file_of_twins_under_all_its_names() throws Exception {
    write(
        "twins/p/Tile.java",
        """
        // Files: WholeF32 1, HalfF32 2; f32 as f64.
        package p;

        final class $File {
          static final float SHARE = 1f / $Part;
        }
        """);
    assertThat(run()).isEmpty();
    assertThat(read("out/p/WholeF32.java"))
        .isEqualTo(
            """
            // Written by tools/TwinSources.java from Tile.java.
            package p;

            final class WholeF32 {
              static final float SHARE = 1f / 1;
            }
            """);
    assertThat(read("out/p/HalfF64.java"))
        .contains("final class HalfF64 {\n  static final double SHARE = 1.0 / 2;\n}");
    assertThat(folder.resolve("out/p/Tile.java")).doesNotExist();
  }

  @Test
  void writes_blocks_out_for_each_of_their_rounds() throws Exception {
    write(
        "twins/p/Rows.java",
        """
        // Files: RowsF32 1; f32 as f64.
        class $File {
          // For $name $n in two 2, one 1.
          // For $r below $n.
          float $name$r = x$r_$r + $row;
          // End.
          // End.
          // For $d halving 4.
          // For $i $j at distance $d below 4.
          swap($i, $j);
          // End.
          // End.
        }
        """);
    assertThat(run()).isEmpty();
    assertThat(read("out/p/RowsF32.java"))
        .isEqualTo(
            """
            // Written by tools/TwinSources.java from Rows.java.
            class RowsF32 {
              float two0 = x0_0 + $row;
              float two1 = x1_1 + $row;
              float one0 = x0_0 + $row;
              swap(0, 2);
              swap(1, 3);
              swap(0, 1);
              swap(2, 3);
            }
            """);
  }

  @Test
  void refuses_a_block_that_does_not_end_or_fit() throws Exception {
    String file = "// Files: AF32 1; f32 as f64.\nclass $File {\n%s}\n";
    write("twins/p/A.java", file.formatted("// For $r below 3.\n"));
    assertThat(run()).contains("A.java does not end a block");
    write("twins/p/A.java", file.formatted("// End.\n"));
    assertThat(run()).contains("A.java ends a block that did not begin");
    write("twins/p/A.java", file.formatted("// For $r up to 3.\n// End.\n"));
    assertThat(run()).contains("A.java has a block it cannot read: // For $r up to 3.");
    write("twins/p/A.java", file.formatted("// For $a $b in 1 2, 3.\n// End.\n"));
    assertThat(run()).contains("A.java has a round that does not fit $a $b");
  }

  @Test
  void touches_only_what_changed_and_deletes_what_has_no_source() throws Exception {
    write("sources/p/AF32.java", marked("A"));
    write("sources/p/BF32.java", marked("B"));
    write(
        "out/p/AF64.java", "// Written by tools/TwinSources.java from AF32.java.\nclass AF64 {}\n");
    write("out/p/BF64.java", "old\n");
    write("out/p/GoneF64.java", "old\n");
    for (String name : new String[] {"A", "B"}) {
      Files.setLastModifiedTime(folder.resolve("out/p/" + name + "F64.java"), LONG_AGO);
    }
    assertThat(run()).isEmpty();
    assertThat(Files.getLastModifiedTime(folder.resolve("out/p/AF64.java"))).isEqualTo(LONG_AGO);
    assertThat(Files.getLastModifiedTime(folder.resolve("out/p/BF64.java"))).isNotEqualTo(LONG_AGO);
    assertThat(folder.resolve("out/p/GoneF64.java")).doesNotExist();
  }

  @Test
  void refuses_a_twin_by_hand_and_writes_nothing() throws Exception {
    write("sources/p/AF32.java", marked("A"));
    write("sources/p/BF32.java", "class BF32 {}\n");
    write("sources/p/BF64.java", "class BF64 {}\n");
    assertThat(run()).contains("BF64.java is a twin of BF32.java by hand");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void refuses_a_mark_that_it_cannot_read() throws Exception {
    write("sources/p/AF32.java", "// Twin AF64.java\nclass AF32 {}\n");
    assertThat(run()).contains("AF32.java has a first line that does not match");
    write("sources/p/AF32.java", marked("A"));
    write("twins/p/C.java", "package p;\n\nclass C {\n  // Twins: f32 as f64.\n}\n");
    assertThat(run()).contains("C.java does not end its twins");
  }

  private static String marked(String name) {
    return "// Twin: %1$sF64.java, f32 as f64, by tools/TwinSources.java.\nclass %1$sF32 {}\n"
        .formatted(name);
  }

  private void write(String file, String text) throws IOException {
    Path at = folder.resolve(file);
    Files.createDirectories(at.getParent());
    Files.writeString(at, text);
  }

  private String read(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  /// Runs the program and returns its words, none if all is well.
  private String run() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                Path.of("..", "tools", "TwinSources.java").toString(),
                folder.resolve("sources").toString(),
                folder.resolve("twins").toString(),
                folder.resolve("out").toString())
            .redirectErrorStream(true)
            .start();
    String words = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor() == 0).as(words).isEqualTo(words.isEmpty());
    return words;
  }
}
