package dev.autograd.nn;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.Tensor;
import dev.autograd.ops.conv.ConvGeometry;
import org.jspecify.annotations.Nullable;

/// Two-dimensional convolution (cross-correlation, as everywhere in the field).
///
/// - **Shapes** `x: [N, in, H, W] → y: [N, out, H', W']`, weight `[out, in/groups, kernel,
///   kernel]`, with `H' = ⌊(H + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1`.
public final class Conv2d extends Layer {
  private final int in;
  private final int out;
  private final int kernel;
  private final Options options;
  private final Tensor weight;
  private final @Nullable Tensor bias;

  /// The attributes that have usual values.
  ///
  /// @param stride step between windows, in elements
  /// @param padding zeros added on every side
  /// @param dilation step between the elements of a window
  /// @param groups number of groups that input and output channels are split into
  /// @param bias whether there is a bias
  public record Options(int stride, int padding, int dilation, int groups, boolean bias) {
    /// Stride 1, no padding, no dilation, one group, with bias.
    public static final Options DEFAULTS = new Options(1, 0, 1, 1, true);

    /// Returns these options with another stride.
    public Options withStride(int stride) {
      return new Options(stride, padding, dilation, groups, bias);
    }

    /// Returns these options with another padding.
    public Options withPadding(int padding) {
      return new Options(stride, padding, dilation, groups, bias);
    }

    /// Returns these options without bias.
    public Options withoutBias() {
      return new Options(stride, padding, dilation, groups, false);
    }
  }

  /// Makes a layer with the usual options.
  public Conv2d(int in, int out, int kernel) {
    this(in, out, kernel, Options.DEFAULTS);
  }

  /// Makes a layer.
  ///
  /// @throws AutogradException (`ARGUMENT`) if the channels are not multiples of the groups
  public Conv2d(int in, int out, int kernel, Options options) {
    if (options.groups() < 1 || in % options.groups() != 0 || out % options.groups() != 0) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "conv2d: input and output channels must be multiples of the groups, got "
              + in
              + " and "
              + out
              + " with "
              + options.groups()
              + " groups");
    }
    this.in = in;
    this.out = out;
    this.kernel = kernel;
    this.options = options;
    int perGroup = in / options.groups();
    Initializer start = Initializer.fanInUniform(perGroup * kernel * kernel);
    this.weight = parameter("weight", start.make(out, perGroup, kernel, kernel));
    this.bias = options.bias() ? parameter("bias", start.make(out)) : null;
  }

  @Override
  public Tensor forward(Tensor x) {
    return dev.autograd.ops.conv.Conv2d.conv2d(
        x,
        weight,
        bias,
        ConvGeometry.PLAIN
            .stride(options.stride())
            .padding(options.padding())
            .dilation(options.dilation())
            .groups(options.groups()));
  }

  @Override
  protected String describe() {
    return "Conv2d(" + in + ", " + out + ", kernel=" + kernel + ", " + options + ")";
  }
}
