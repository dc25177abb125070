package dev.autograd.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.autograd.onnx.model.OnnxFileException;
import dev.autograd.onnx.model.OnnxFileException.Problem;
import dev.autograd.onnx.model.OnnxModel;
import dev.autograd.onnx.model.OnnxModelException;
import dev.autograd.onnx.model.OnnxTensor;
import dev.autograd.onnx.proto.ModelProto;
import dev.autograd.onnx.proto.TensorProto;
import dev.autograd.onnx.wire.ProtoReader;
import dev.autograd.onnx.wire.ProtoWriter;
import dev.autograd.onnx.wire.UnsupportedPartException;
import dev.autograd.onnx.wire.WeightsFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Reads and writes ONNX files.
public final class OnnxFile {
  /// The newest version of the format that is read.
  public static final long NEWEST_IR_VERSION = 13;

  /// The newest version of ONNX's own operators that is read.
  public static final long NEWEST_OPSET = 26;

  // Version 3 was the first in which a model says which operators it means.
  private static final long OLDEST_IR_VERSION = 3;
  // The limit of a protobuf message.
  private static final long MOST_BYTES = Integer.MAX_VALUE;
  private static final int BUFFER_BYTES = 1 << 16;

  /// Where the weights of a written model stand.
  public enum Weights {
    /// In the model's file while it stays below 2 GiB, else beside it.
    AUTOMATIC,
    /// In the model's file, which must stay below 2 GiB.
    INLINE,
    /// In a second file beside the model's.
    EXTERNAL
  }

  private OnnxFile() {}

  /// Reads a model, with the weights that stand beside it.
  ///
  /// Files named by the model are looked for in its own folder and below, nowhere else.
  ///
  /// @throws OnnxFileException if there is no such file, or it is no model that this library reads
  /// @throws IOException if reading fails
  public static OnnxModel read(Path file) throws IOException {
    long size = checkedSize(file);
    if (size > MOST_BYTES) {
      throw new OnnxFileException(
          file,
          Problem.TOO_LARGE,
          "has %,d bytes, an ONNX model must stay below %,d; larger weights stand in files beside it"
              .formatted(size, MOST_BYTES),
          null);
    }
    Path folder = file.toAbsolutePath().getParent();
    try (InputStream in = Files.newInputStream(file)) {
      return decode(in, folder, file);
    }
  }

  /// Reads a model from memory.
  ///
  /// @param bytes what a file would hold
  /// @param label stands for the file in messages
  /// @throws OnnxFileException if the bytes are no model that this library reads
  public static OnnxModel decode(byte[] bytes, String label) throws IOException {
    Path file = Path.of(label);
    if (bytes.length == 0) {
      throw empty(file);
    }
    try (InputStream in = new ByteArrayInputStream(bytes)) {
      return decode(in, null, file);
    }
  }

  /// Writes a model; large ones get a second file of weights beside it.
  ///
  /// Whoever reads the file meanwhile, or after a crash, sees the old model or the new, whole.
  ///
  /// @throws OnnxFileException if the model does not fit in a file
  /// @throws IOException if writing fails; nothing is left behind then
  public static void write(OnnxModel model, Path file) throws IOException {
    write(model, file, Weights.AUTOMATIC);
  }

  /// Writes a model with its weights in a chosen place.
  ///
  /// A second file has a name made of its contents, so that a model never meets another's weights.
  ///
  /// @throws OnnxFileException if the model does not fit in a file
  /// @throws IOException if writing fails; nothing is left behind then
  public static void write(OnnxModel model, Path file, Weights weights) throws IOException {
    write(model, file, weights, MOST_BYTES);
  }

  // The limit is a parameter for tests.
  static void write(OnnxModel model, Path file, Weights weights, long mostBytes)
      throws IOException {
    if (Files.isDirectory(file)) {
      throw new OnnxFileException(
          file, Problem.NOT_A_FILE, "is a folder. Name a file in it, such as model.onnx.", null);
    }
    try {
      WeightsFile layout = new WeightsFile("");
      ModelProto slim = new ProtoWriter(layout).model(model);
      long bytes = slim.getSerializedSize() + layout.tensorBytes();
      boolean external =
          switch (weights) {
            case AUTOMATIC -> bytes > mostBytes;
            case INLINE -> false;
            case EXTERNAL -> layout.tensorBytes() > 0;
          };
      if (external) {
        writeBeside(model, file, layout);
      } else if (bytes > mostBytes) {
        throw new OnnxFileException(
            file,
            Problem.TOO_LARGE,
            "would take about %,d bytes, one file holds %,d. Let the weights stand beside it?"
                .formatted(bytes, mostBytes),
            null);
      } else {
        ModelProto whole = new ProtoWriter(null).model(model);
        AtomicFile.write(file, whole::writeTo);
      }
    } catch (OnnxModelException tooLarge) {
      throw new OnnxFileException(
          file, Problem.TOO_LARGE, String.valueOf(tooLarge.getMessage()), tooLarge);
    }
  }

  /// Returns the bytes that a file of the model would hold, weights inside.
  ///
  /// @throws OnnxModelException if the tensors take more than 2 GiB
  public static byte[] encode(OnnxModel model) {
    return new ProtoWriter(null).model(model).toByteArray();
  }

  /// Reads a file of one tensor, as ONNX's own tests have them (`input_0.pb`).
  ///
  /// @throws OnnxFileException if there is no such file, or it holds no tensor
  /// @throws IOException if reading fails
  public static OnnxTensor readTensor(Path file) throws IOException {
    checkedSize(file);
    try (InputStream in = Files.newInputStream(file)) {
      return new ProtoReader(file.toAbsolutePath().getParent()).tensor(TensorProto.parseFrom(in));
    } catch (InvalidProtocolBufferException invalid) {
      throw new OnnxFileException(file, Problem.NOT_ONNX, "holds no ONNX tensor", invalid);
    } catch (OnnxModelException malformed) {
      throw malformed(file, malformed);
    } catch (UnsupportedPartException unsupported) {
      throw unsupported(file, unsupported);
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
  }

  /// Writes a file of one tensor.
  ///
  /// @throws IOException if writing fails; nothing is left behind then
  public static void writeTensor(OnnxTensor tensor, Path file) throws IOException {
    AtomicFile.write(file, new ProtoWriter(null).tensor(tensor)::writeTo);
  }

  private static void writeBeside(OnnxModel model, Path file, WeightsFile layout)
      throws IOException {
    MessageDigest digest = sha256();
    layout.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
    String name =
        file.getFileName() + "." + HexFormat.of().formatHex(digest.digest(), 0, 8) + ".data";
    ModelProto slim = new ProtoWriter(new WeightsFile(name)).model(model);
    AtomicFile.write(file.resolveSibling(name), layout::writeTo);
    AtomicFile.write(file, slim::writeTo);
  }

  private static OnnxModel decode(InputStream in, @Nullable Path folder, Path file)
      throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
    buffered.mark(BUFFER_BYTES);
    byte[] start = buffered.readNBytes(64);
    buffered.reset();
    try {
      CodedInputStream coded = CodedInputStream.newInstance(buffered, BUFFER_BYTES);
      coded.setSizeLimit(Integer.MAX_VALUE);
      ModelProto proto = ModelProto.parseFrom(coded);
      checkVersions(proto, file, start);
      return new ProtoReader(folder).model(proto);
    } catch (InvalidProtocolBufferException invalid) {
      throw invalid(file, start, invalid);
    } catch (OnnxModelException malformed) {
      throw malformed(file, malformed);
    } catch (UnsupportedPartException unsupported) {
      throw unsupported(file, unsupported);
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
  }

  private static void checkVersions(ModelProto proto, Path file, byte[] start)
      throws OnnxFileException {
    // Almost any short run of bytes parses as a message of unknown fields.
    if (!proto.hasIrVersion() || !proto.hasGraph()) {
      throw notOnnx(file, start, null);
    }
    if (proto.getIrVersion() < OLDEST_IR_VERSION || proto.getIrVersion() > NEWEST_IR_VERSION) {
      throw new OnnxFileException(
          file,
          Problem.UNSUPPORTED_VERSION,
          "is of IR version %d, versions %d to %d are read"
              .formatted(proto.getIrVersion(), OLDEST_IR_VERSION, NEWEST_IR_VERSION),
          null);
    }
    if (proto.getOpsetImportCount() == 0) {
      throw new OnnxFileException(
          file, Problem.MALFORMED, "does not say which operators it means (opset_import)", null);
    }
    for (var opset : proto.getOpsetImportList()) {
      boolean own = opset.getDomain().isEmpty() || opset.getDomain().equals("ai.onnx");
      if (own && (opset.getVersion() < 1 || opset.getVersion() > NEWEST_OPSET)) {
        throw new OnnxFileException(
            file,
            Problem.UNSUPPORTED_VERSION,
            "means the operators of opset %d, opsets 1 to %d are read"
                .formatted(opset.getVersion(), NEWEST_OPSET),
            null);
      }
    }
  }

  private static OnnxFileException invalid(
      Path file, byte[] start, InvalidProtocolBufferException invalid) {
    MessageLite unfinished = invalid.getUnfinishedMessage();
    boolean begun =
        unfinished instanceof ModelProto proto
            && proto.hasIrVersion()
            && proto.getIrVersion() >= OLDEST_IR_VERSION
            && proto.getIrVersion() <= NEWEST_IR_VERSION;
    if (!begun) {
      return notOnnx(file, start, invalid);
    }
    boolean ended = String.valueOf(invalid.getMessage()).contains("ended unexpectedly");
    return ended
        ? new OnnxFileException(
            file,
            Problem.TRUNCATED,
            "ends in the middle of the model. Was it copied or downloaded whole?",
            invalid)
        : new OnnxFileException(
            file, Problem.MALFORMED, "is damaged: " + invalid.getMessage(), invalid);
  }

  private static OnnxFileException notOnnx(Path file, byte[] start, @Nullable Throwable cause) {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    String hint;
    if (text.startsWith("version https://git-lfs")) {
      hint = "it is a Git LFS pointer: fetch the file itself with git lfs pull";
    } else if (text.startsWith("PK")) {
      hint = "it is a zip archive, as PyTorch's own checkpoints are: export the model to ONNX";
    } else {
      hint = "it does not begin as one";
    }
    return new OnnxFileException(file, Problem.NOT_ONNX, "is no ONNX model; " + hint, cause);
  }

  private static OnnxFileException malformed(Path file, OnnxModelException malformed) {
    return new OnnxFileException(
        file, Problem.MALFORMED, String.valueOf(malformed.getMessage()), malformed);
  }

  private static OnnxFileException unsupported(Path file, UnsupportedPartException unsupported) {
    return new OnnxFileException(
        file,
        Problem.UNSUPPORTED_PART,
        unsupported.getMessage() + ", which is not supported",
        unsupported);
  }

  private static OnnxFileException empty(Path file) {
    return new OnnxFileException(file, Problem.EMPTY, "is empty", null);
  }

  private static long checkedSize(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new OnnxFileException(
          file, Problem.NOT_A_FILE, "is a folder. Name a file in it, such as model.onnx.", null);
    }
    try {
      long size = Files.size(file);
      if (size == 0) {
        throw empty(file);
      }
      return size;
    } catch (NoSuchFileException missing) {
      throw new OnnxFileException(file, Problem.NOT_FOUND, "no such file", missing);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new AssertionError("every Java platform has SHA-256", missing);
    }
  }
}
