package dev.autograd.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Operation;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpRegistryTest {
  record Named(String name) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0];
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g};
    }
  }

  private static class Plugin implements OpProvider {
    private final String name;
    private final int version;
    private final String[] operations;

    Plugin(String name, int version, String... operations) {
      this.name = name;
      this.version = version;
      this.operations = operations;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int apiVersion() {
      return version;
    }

    @Override
    public List<Operation> operations() {
      return List.of(operations).stream().map(n -> (Operation) new Named(n)).toList();
    }
  }

  /// A second class, since plugins are told apart by theirs.
  private static class OtherPlugin extends Plugin {
    OtherPlugin(String name, int version, String... operations) {
      super(name, version, operations);
    }
  }

  @Test
  void listsOperationsByName() {
    OpRegistry registry = new OpRegistry();
    assertThat(registry.register(new Plugin("a", 1, "zeta", "alpha"), "a.jar")).isTrue();
    assertThat(registry.entries())
        .extracting(OpRegistry.Entry::name)
        .containsExactly("alpha", "zeta");
    assertThat(registry.require("zeta").provider()).isEqualTo("a");
    assertThat(registry.find("beta")).isNull();
    assertThat(registry.problems()).isEmpty();
  }

  @Test
  void anUnknownOperationIsAnError() {
    assertThatThrownBy(() -> new OpRegistry().require("beta"))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("'beta' among the 0 registered");
  }

  @Test
  void aPluginIsRegisteredOnce() {
    OpRegistry registry = new OpRegistry();
    registry.register(new Plugin("a", 1, "x"), "a.jar");
    assertThat(registry.register(new Plugin("a", 1, "x"), "b.jar")).isFalse();
    assertThat(registry.problems()).isEmpty();
  }

  @Test
  void aPluginOfALaterInterfaceIsRefused() {
    OpRegistry registry = new OpRegistry();
    int later = OpProvider.API_VERSION + 1;
    assertThat(registry.register(new Plugin("a", later, "x"), "a.jar")).isFalse();
    assertThat(registry.entries()).isEmpty();
    assertThat(registry.problems()).hasSize(1);
    assertThat(registry.problems().getFirst().message())
        .contains("'a'")
        .contains("API " + later)
        .contains("Update autograd");
  }

  @Test
  void theFirstOfTwoOperationsOfOneNameStays() {
    OpRegistry registry = new OpRegistry();
    registry.register(new Plugin("a", 1, "x"), "a.jar");
    assertThat(registry.register(new OtherPlugin("b", 1, "x", "y"), "b.jar")).isTrue();
    assertThat(registry.require("x").provider()).isEqualTo("a");
    assertThat(registry.require("y").provider()).isEqualTo("b");
    assertThat(registry.problems().getFirst().message())
        .contains("plugin 'b'")
        .contains("'x'")
        .contains("plugin 'a'");
  }

  @Test
  void aPluginThatFailsToStartDoesNotTakeTheOthersDown() {
    OpRegistry registry = new OpRegistry();
    Plugin broken =
        new OtherPlugin("b", 1) {
          @Override
          public List<Operation> operations() {
            throw new IllegalStateException("no tables");
          }
        };
    assertThat(registry.register(broken, "b.jar")).isFalse();
    assertThat(registry.register(new Plugin("a", 1, "x"), "a.jar")).isTrue();
    assertThat(registry.problems().getFirst().message())
        .contains("fails to start: IllegalStateException: no tables");
  }
}
