package dev.autograd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keeps saved values in files.
///
/// A file has three ways to go: its node is freed, its graph is collected unfreed, the program
/// ends. What is left at the end is known to one set only, since a shutdown hook for each file
/// would never be let go of.
final class DiskOffload implements SavingScope {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final Cleaner CLEANER = Cleaner.create();
  private static final Set<Path> LEFT = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(DiskOffload::deleteAll, "autograd-offload"));
  }

  private final Path directory;

  private DiskOffload(Path directory) {
    this.directory = directory;
  }

  static DiskOffload temporary() {
    try {
      Path made = Files.createTempDirectory("autograd-saved-");
      DiskOffload offload = new DiskOffload(made);
      LEFT.add(made);
      CLEANER.register(offload, () -> delete(made));
      return offload;
    } catch (IOException e) {
      throw new UncheckedIOException("toDisk: no temporary folder could be made", e);
    }
  }

  static DiskOffload in(Path directory) {
    try {
      return new DiskOffload(Files.createDirectories(directory));
    } catch (IOException e) {
      throw new UncheckedIOException("toDisk: the folder " + directory + " cannot be made", e);
    }
  }

  @Override
  public void recorded(FunctionNode node, Tensor[] in, Tensor[] out) {
    node.custody(
        saved -> {
          Tensor tensor = saved.value(node);
          if (tensor == null || (tensor.isLeaf() && tensor.requiresGrad())) {
            return saved;
          }
          return saved.in(tensor, write(tensor));
        });
  }

  private OnDisk write(Tensor tensor) {
    Tensor plain;
    try (var _ = GradMode.noGrad()) {
      plain = tensor.detach().contiguous();
    }
    try {
      Path file = Files.createTempFile(directory, "saved-", ".bin");
      LEFT.add(file);
      try {
        transfer(bytes(plain), file, false);
      } catch (IOException e) {
        delete(file);
        throw e;
      }
      return new OnDisk(this, file, plain.shape(), plain.dtype());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "toDisk: a "
              + tensor.dtype()
              + " tensor of shape "
              + tensor.shape()
              + " cannot be written into "
              + directory,
          e);
    }
  }

  private static MemorySegment bytes(Tensor contiguous) {
    long size = segment(contiguous.sharedStorage().array()).byteSize();
    long each =
        contiguous.sharedStorage().length() == 0 ? 0 : size / contiguous.sharedStorage().length();
    return segment(contiguous.sharedStorage().array())
        .asSlice(contiguous.offset() * each, contiguous.numel() * each);
  }

  private static MemorySegment segment(Object array) {
    return switch (array) {
      case float[] a -> MemorySegment.ofArray(a);
      case double[] a -> MemorySegment.ofArray(a);
      case long[] a -> MemorySegment.ofArray(a);
      case int[] a -> MemorySegment.ofArray(a);
      case short[] a -> MemorySegment.ofArray(a);
      case byte[] a -> MemorySegment.ofArray(a);
      default -> throw new IllegalStateException("no such storage: " + array.getClass());
    };
  }

  /// Copies between an array and a file, as raw bytes, so that every bit of a NaN survives.
  private static void transfer(MemorySegment array, Path file, boolean reading) throws IOException {
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, array.byteSize())];
    MemorySegment window = MemorySegment.ofArray(chunk);
    StandardOpenOption how = reading ? StandardOpenOption.READ : StandardOpenOption.WRITE;
    try (FileChannel channel = FileChannel.open(file, how)) {
      for (long at = 0; at < array.byteSize(); at += chunk.length) {
        int n = (int) Math.min(chunk.length, array.byteSize() - at);
        ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, n);
        if (!reading) {
          MemorySegment.copy(array, at, window, 0, n);
        }
        while (buffer.hasRemaining()) {
          int moved = reading ? channel.read(buffer) : channel.write(buffer);
          if (moved < 0) {
            throw new IOException(file + " is " + (array.byteSize() - at) + " bytes too short");
          }
        }
        if (reading) {
          MemorySegment.copy(window, 0, array, at, n);
        }
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
      LEFT.remove(file);
    } catch (IOException e) {
      // A folder whose files go later than itself, or a disk that is gone. There is nobody to be
      // told, and the end of the program is another chance.
    }
  }

  private static void deleteAll() {
    // Files come before their folders.
    LEFT.stream()
        .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
        .forEach(DiskOffload::delete);
  }

  /// A saved value in its file.
  private static final class OnDisk implements PackedTensor.Source {
    /// The folder is not to be deleted before its files.
    @SuppressWarnings("unused") // held, not read
    private final DiskOffload folder;

    private final Path file;
    private final Shape shape;
    private final DType dtype;
    private final Cleaner.Cleanable deletion;

    OnDisk(DiskOffload folder, Path file, Shape shape, DType dtype) {
      this.folder = folder;
      this.file = file;
      this.shape = shape;
      this.dtype = dtype;
      this.deletion = CLEANER.register(this, () -> delete(file));
    }

    @Override
    public @Nullable Tensor fetch(FunctionNode saver) {
      Tensor value = Tensor.zeros(shape, dtype);
      try {
        transfer(bytes(value), file, true);
      } catch (IOException e) {
        throw new UncheckedIOException(
            saver.name() + ": a saved value cannot be read back from " + file, e);
      }
      return value;
    }

    @Override
    public void release() {
      deletion.clean();
    }
  }
}
