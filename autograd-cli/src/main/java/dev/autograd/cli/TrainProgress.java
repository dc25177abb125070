package dev.autograd.cli;

import dev.autograd.train.TrainListener;
import dev.autograd.train.metrics.EpochRecord;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Shows a run on standard error: a live line on a terminal, one line for each epoch elsewhere.
final class TrainProgress implements TrainListener {
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final int BAR = 20;
  private static final int LINE = 79;
  private static final boolean UNICODE = "UTF-8".equals(System.getProperty("native.encoding"));
  private static final String FULL = UNICODE ? "━" : "=";
  private static final String EMPTY = UNICODE ? "─" : "-";

  private final RootCommand root;
  private final boolean live;
  private long drawn;
  private boolean open;
  private boolean stepped;

  TrainProgress(RootCommand root) {
    this.root = root;
    this.live = !root.plain && !root.quiet && terminal();
  }

  /// Tells whether a line on standard error can be drawn over, which Java itself cannot find out:
  /// the launcher says whether that is a terminal. No colours are used, so `NO_COLOR` changes
  /// nothing.
  private static boolean terminal() {
    return Boolean.getBoolean("autograd.terminal")
        && System.getenv("CI") == null
        && !"dumb".equals(System.getenv("TERM"));
  }

  @Override
  public void batch(Progress p) {
    if (!stepped) {
      stepped = true;
      if (root.verbose) {
        long uptime = ManagementFactory.getRuntimeMXBean().getUptime();
        root.say(String.format(Locale.ROOT, "first step %.2f s after Java's start", uptime / 1e3));
      }
    }
    if (!live) {
      return;
    }
    long now = System.nanoTime();
    if (drawn != 0 && now - drawn < REDRAW_NANOS) {
      return;
    }
    drawn = now;
    int done = (int) ((long) BAR * p.batch() / p.batches());
    long left = Math.round(p.secondsLeft());
    draw(
        String.format(
            Locale.ROOT,
            "epoch %d/%d %s%s %3d%%  loss %.4f%s  %.0f/s  eta %d:%02d",
            p.epoch(),
            p.epochs(),
            FULL.repeat(done),
            EMPTY.repeat(BAR - done),
            100 * p.batch() / p.batches(),
            p.loss(),
            Double.isNaN(p.accuracy())
                ? ""
                : String.format(Locale.ROOT, "  acc %.3f", p.accuracy()),
            p.samplesPerSecond(),
            left / 60,
            left % 60));
    open = true;
  }

  private void draw(String line) {
    String fitted = line.length() > LINE ? line.substring(0, LINE) : line;
    root.err.print("\r" + fitted + " ".repeat(LINE - fitted.length()));
    root.err.flush();
  }

  @Override
  public void epoch(EpochRecord measured, int epochs) {
    clear();
    root.say(live ? sentence(measured, epochs) : pairs(measured, epochs));
  }

  /// For people: `epoch 12/30 loss 0.0809 acc 0.975 val loss 0.0658 acc 0.986 0.3 s`.
  private static String sentence(EpochRecord measured, int epochs) {
    int width = String.valueOf(epochs).length();
    StringBuilder line = new StringBuilder();
    line.append(String.format("epoch %" + width + "d/%d", measured.epoch(), epochs));
    Map<String, Double> values = measured.values();
    for (String part : List.of("", "val_")) {
      Double loss = values.get(part + "loss");
      if (loss == null) {
        continue;
      }
      line.append(
          String.format(Locale.ROOT, part.isEmpty() ? "  loss %.4f" : "  val loss %.4f", loss));
      Double accuracy = values.get(part + "accuracy");
      if (accuracy != null) {
        line.append(String.format(Locale.ROOT, "  acc %.3f", accuracy));
      }
    }
    return line.append(String.format(Locale.ROOT, "  %.2f s", measured.seconds())).toString();
  }

  /// For programs and logs: `epoch=12/30 step=492 loss=0.08089 ... time=0.3s`.
  private static String pairs(EpochRecord measured, int epochs) {
    StringBuilder line = new StringBuilder();
    line.append("epoch=").append(measured.epoch()).append('/').append(epochs);
    line.append(" step=").append(measured.step());
    measured
        .values()
        .forEach(
            (name, v) ->
                line.append(' ')
                    .append(name)
                    .append('=')
                    .append(String.format(Locale.ROOT, "%.4g", v)));
    return line.append(String.format(Locale.ROOT, " time=%.1fs", measured.seconds())).toString();
  }

  @Override
  public void message(String text) {
    clear();
    root.say(text);
  }

  /// Takes the live line away.
  void clear() {
    if (open) {
      root.err.print("\r" + " ".repeat(LINE) + "\r");
      open = false;
    }
  }
}
