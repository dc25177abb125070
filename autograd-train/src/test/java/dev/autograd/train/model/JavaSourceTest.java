package dev.autograd.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.DType;
import dev.autograd.Edge;
import dev.autograd.Node;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.nn.Layer;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.InputException;
import dev.autograd.train.config.ConfigLayers;
import dev.autograd.train.config.ModelSpec;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JavaSourceTest {
  private static final ModelShape ROW = new ModelShape(new int[] {2, 2}, 3);
  private static final String IMPORTS = "import dev.autograd.Tensor;\nimport dev.autograd.nn.*;\n";

  private final OpRegistry registry = OpRegistry.load();

  @TempDir Path folder;

  private Layer make(String text) throws IOException {
    return make(text, registry);
  }

  private Layer make(String text, OpRegistry operations) throws IOException {
    Path file = Files.writeString(folder.resolve("Net.java"), IMPORTS + text);
    ModelSpec spec =
        new ConfigLayers().set("data=digits").set("model=" + file).resolve().config().model();
    return new ModelFactory(operations).make(spec, ROW);
  }

  private InputException failure(String text) {
    InputException e = catchThrowableOfType(InputException.class, () -> make(text));
    assertThat(e).isNotNull();
    assertThat(e.exitCode()).isEqualTo(2);
    assertThat(e).hasMessageContaining("Net.java");
    return e;
  }

  @Test
  void ordinaryControlFlowIsAModel() throws IOException {
    Layer model =
        make(
            """
            public class Net extends Layer {
              private final Linear in = child("in", new Linear(4, 4));
              private final Linear out = child("out", new Linear(4, 3));

              public Tensor forward(Tensor x) {
                Tensor h = in.forward(x.flatten(1, -1));
                int rounds = 0;
                while (h.norm().item() > 1 && rounds++ < 50) {
                  h = h.sum().item() > 0 ? h.mul(0.5) : h.mul(-0.25);
                }
                return out.forward(h);
              }
            }
            """);
    Tensor small = Tensor.full(Shape.of(1, 2, 2), 0.001, DType.F32);
    Tensor large = small.mul(1e6);
    assertThat(nodes(model.forward(large))).isGreaterThan(nodes(model.forward(small)));
    model.forward(large).sum().backward();
    assertThat(model.parameters()).allSatisfy(p -> assertThat(p.grad()).isNotNull());
  }

  private static int nodes(Tensor y) {
    int count = 0;
    Node node = y.gradFn();
    while (node != null) {
      count++;
      Edge first = node.nextFunctions().isEmpty() ? null : node.nextFunctions().getFirst();
      node = first == null ? null : first.node();
    }
    return count;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "public Net(int[] sample, int outputs) { this(sample[0] * sample[1] + 0, outputs, 1); }"
            + " public Net(int inputs, int outputs) { throw new IllegalStateException(); }",
        "Net(int inputs, int outputs) { this(inputs, outputs, 1); }",
        "private Net() { this(4, 3, 1); }"
      })
  void theFirstFittingConstructorIsCalled(String constructors) throws IOException {
    Layer model =
        make(
            """
            class Net extends Layer {
              private final Linear l;
              %s
              private Net(int inputs, int outputs, int ignored) {
                l = child("l", new Linear(inputs, outputs));
              }
              public Tensor forward(Tensor x) { return l.forward(x.flatten(1, -1)); }
            }
            """
                .formatted(constructors));
    assertThat(model.parameterCount()).isEqualTo(15);
  }

  @Test
  void partsOfTheModelAndAnotherNameThanTheFileAreAllowed() throws IOException {
    Layer model =
        make(
            """
            class Block extends Layer {
              private final Linear l = child("l", new Linear(4, 4));
              public Tensor forward(Tensor x) { return x.add(l.forward(x).relu()); }
            }

            public class Residuals extends Layer {
              private final Layer a = child("a", new Block());
              private final Layer out = child("out", new Head());
              public Tensor forward(Tensor x) { return out.forward(a.forward(x.flatten(1, -1))); }

              static class Head extends Layer {
                private final Linear l = child("l", new Linear(4, 3));
                public Tensor forward(Tensor x) { return l.forward(x); }
              }
            }
            """);
    assertThat(model.getClass().getName()).isEqualTo("Residuals");
    assertThat(model.namedParameters()).containsKeys("a.l.weight", "out.l.bias");
  }

  @Test
  void whatTheCompilerSaysIsToldWithItsLine() {
    InputException e =
        failure(
            """
            public class Net extends Layer {
              public Tensor forward(Tensor x) {
                return x.reluu();
              }
              int broken = "text";
            }
            """);
    assertThat(e)
        .hasMessageContaining("does not compile: cannot find symbol")
        .hasMessageContaining("reluu")
        .hasMessageContaining("Net.java:5:13")
        .hasMessageContaining("5 |     return x.reluu();")
        .hasMessageContaining("Net.java:7:")
        .hasMessageContaining("incompatible types");
  }

  @Test
  void aFileWithoutAModelIsRefused() {
    assertThat(failure("class Net {} class Other {}"))
        .hasMessageContaining("there is no model")
        .hasMessageContaining("classes: Net, Other");
    assertThat(failure("// nothing")).hasMessageContaining("The file declares no class");
    assertThat(
            failure(
                """
                abstract class A extends Layer {}
                class B extends A { public Tensor forward(Tensor x) { return x; } }
                class C extends A { public Tensor forward(Tensor x) { return x; } }
                """))
        .hasMessageContaining("several models: B, C")
        .hasMessageContaining("Make the one to train public");
  }

  @Test
  void aConstructorThatIsNoneOrFailsIsToldWithItsLine() {
    assertThat(
            failure(
                """
                public class Net extends Layer {
                  public Net(String name) {}
                  public Tensor forward(Tensor x) { return x; }
                }
                """))
        .hasMessageContaining("cannot make a Net")
        .hasMessageContaining("expected a constructor (int[] sampleShape, int outputs)")
        .hasMessageContaining("public Net(java.lang.String)");
    InputException e =
        failure(
            """
            public class Net extends Layer {
              public Net() {
                throw new IllegalStateException("no memory of it");
              }
              public Tensor forward(Tensor x) { return x; }
            }
            """);
    assertThat(e)
        .hasMessageContaining("constructor failed: no memory of it")
        .hasMessageContaining("Net.java:5")
        .hasMessageContaining("throw new IllegalStateException");
  }

  @Test
  void aForwardThatDoesNotTakeTheDataIsToldWithItsLine() {
    InputException e =
        failure(
            """
            public class Net extends Layer {
              private final Linear l = child("l", new Linear(5, 3));
              public Tensor forward(Tensor x) {
                return l.forward(x);
              }
            }
            """);
    assertThat(e)
        .hasMessageContaining("the model does not take the data")
        .hasMessageContaining("Net.java:6")
        .hasMessageContaining("A batch has the shape [2, 2, 2]");
    assertThat(
            failure(
                """
                public class Net extends Layer {
                  public Tensor forward(Tensor x) {
                    throw new UnsupportedOperationException("later");
                  }
                }
                """))
        .hasMessageContaining("later")
        .hasMessageContaining("Net.java:5");
  }

  @Test
  void theClassesOfAPluginAreVisible() throws IOException {
    OpRegistry withPlugin = OpRegistry.load();
    try (URLClassLoader plugin = plugin()) {
      assertThat(withPlugin.load(plugin, "plugin")).isEqualTo(1);
      assertThat(withPlugin.problems()).isEmpty();
      Layer model =
          make(
              """
              public class Net extends Layer {
                private final Linear l = child("l", new Linear(4, 3));
                public Tensor forward(Tensor x) {
                  return com.acme.Scale.scale(l.forward(x.flatten(1, -1)));
                }
              }
              """,
              withPlugin);
      assertThat(model.forward(Tensor.zeros(1, 2, 2)).shape().dims()).containsExactly(1, 3);
    }
  }

  @Test
  void anOperationOfAPluginIsALayerWithItsAttributesAsOptions() throws IOException {
    OpRegistry withPlugin = OpRegistry.load();
    try (URLClassLoader plugin = plugin()) {
      withPlugin.load(plugin, "plugin");
      ModelSpec spec =
          new ConfigLayers()
              .set("data=digits")
              .set("model={layers: [scale, scale: 3, {scale: {by: 0.5}}, flatten, linear: 3]}")
              .resolve()
              .config()
              .model();
      Layer model = new ModelFactory(withPlugin).make(spec, ROW);
      assertThat(model.toString())
          .contains("Scale[by=2.0]")
          .contains("Scale[by=3.0]")
          .contains("Scale[by=0.5]");
      Tensor scaled = model.children().get("0").forward(Tensor.of(new float[] {1, 2}));
      assertThat(scaled.toFloatArray()).containsExactly(2, 4);
      InputException e =
          catchThrowableOfType(
              InputException.class, () -> new ModelFactory(registry).make(spec, ROW));
      assertThat(e)
          .hasMessageContaining("unknown layer 'scale'")
          .hasMessageContaining("a plugin's needs its jar");
    }
  }

  /// Compiles a plugin into a folder, as its author would.
  private URLClassLoader plugin() throws IOException {
    Path sources = Files.createDirectories(folder.resolve("src/com/acme"));
    Path scale =
        Files.writeString(
            sources.resolve("Scale.java"),
            """
            package com.acme;

            import dev.autograd.*;

            public record Scale(double by) implements Function {
              public static Tensor scale(Tensor x) {
                return new Scale(2).apply(x);
              }

              @Override
              public Tensor forward(Context ctx, Tensor... in) {
                return in[0].mul(by);
              }

              @Override
              public Tensor[] backward(Context ctx, Tensor g) {
                return new Tensor[] {g.mul(by)};
              }

              public static final class Plugin implements dev.autograd.spi.OpProvider {
                @Override public String name() { return "acme"; }
                @Override public int apiVersion() { return API_VERSION; }
                @Override public java.util.List<Operation> operations() {
                  return java.util.List.of(new Scale(2));
                }
              }
            }
            """);
    Path classes = Files.createDirectories(folder.resolve("classes"));
    Path core = Path.of(Tensor.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
      boolean compiled =
          javac
              .getTask(
                  null,
                  files,
                  null,
                  List.of("-d", classes.toString(), "-cp", core.toString(), "-proc:none"),
                  null,
                  files.getJavaFileObjects(scale))
              .call();
      assertThat(compiled).isTrue();
    }
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve("dev.autograd.spi.OpProvider"), "com.acme.Scale$Plugin\n");
    return new URLClassLoader(
        new URL[] {classes.toUri().toURL()}, JavaSourceTest.class.getClassLoader());
  }
}
