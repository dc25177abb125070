package dev.autograd.onnx.wire;

import dev.autograd.onnx.model.ElementType;
import dev.autograd.onnx.model.OnnxTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lays the weights of a model out in one file beside it, each on a page of its own.
public final class WeightsFile implements ProtoWriter.Weights {
  // Below this the entries that name a place are hardly smaller than the elements.
  private static final long LEAST_BYTES = 1024;
  // Pages, so that a reader can map each tensor.
  private static final long ALIGNMENT = 4096;

  private final String location;
  private final List<OnnxTensor> tensors = new ArrayList<>();
  private long end;

  /// Makes an empty layout.
  ///
  /// @param location the file's name as the model has it
  public WeightsFile(String location) {
    this.location = location;
  }

  @Override
  public boolean takes(OnnxTensor tensor) {
    return tensor.elementType() != ElementType.STRING && tensor.rawBytes() >= LEAST_BYTES;
  }

  @Override
  public Map<String, String> place(OnnxTensor tensor) {
    long offset = aligned(end);
    tensors.add(tensor);
    end = offset + tensor.rawBytes();
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("location", location);
    entries.put("offset", Long.toString(offset));
    entries.put("length", Long.toString(tensor.rawBytes()));
    return entries;
  }

  /// Returns the number of bytes of the placed tensors.
  public long tensorBytes() {
    return tensors.stream().mapToLong(OnnxTensor::rawBytes).sum();
  }

  /// Writes the placed tensors in order, with zeros between pages.
  public void writeTo(OutputStream out) throws IOException {
    long position = 0;
    for (OnnxTensor tensor : tensors) {
      long offset = aligned(position);
      out.write(new byte[(int) (offset - position)]);
      tensor.writeRaw(out);
      position = offset + tensor.rawBytes();
    }
  }

  private static long aligned(long position) {
    return Math.ceilDiv(position, ALIGNMENT) * ALIGNMENT;
  }
}
