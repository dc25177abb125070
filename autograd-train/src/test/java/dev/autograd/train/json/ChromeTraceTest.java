package dev.autograd.train.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Tensor;
import dev.autograd.profile.ProfileEvent;
import dev.autograd.profile.Profiler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.jr.ob.JSON;

/// The trace of a profile as a JSON parser reads it.
class ChromeTraceTest {
  @Test
  void aTraceIsJsonAndHoldsEveryEvent() throws IOException {
    Tensor x = Tensor.ones(2, 3).requiresGrad(true);
    StringBuilder trace = new StringBuilder();
    List<ProfileEvent> events;
    try (Profiler profiler = Profiler.start()) {
      Profiler.range("step \"1\" \\ \u0001 é", () -> x.mul(2).exp().sum()).backward();
      events = profiler.profile().events();
      profiler.profile().writeChromeTrace(trace);
    }
    Map<String, Object> read = JSON.std.mapFrom(trace.toString());
    assertThat(read.get("traceEvents")).isInstanceOf(List.class);
    List<?> all = (List<?>) read.get("traceEvents");
    List<Map<?, ?>> complete =
        all.stream()
            .<Map<?, ?>>map(e -> (Map<?, ?>) e)
            .filter(e -> "X".equals(e.get("ph")))
            .toList();
    assertThat(complete)
        .extracting(e -> e.get("name"))
        .isEqualTo(events.stream().<Object>map(ProfileEvent::name).toList());
    assertThat(complete).allSatisfy(e -> assertThat(e.get("dur")).isInstanceOf(Number.class));
    assertThat(all.stream().filter(e -> "s".equals(((Map<?, ?>) e).get("ph"))))
        .as("arrows from forward to backward")
        .hasSize(3);
  }
}
