/// The command line.
module dev.autograd.cli {
  requires dev.autograd.gradcheck;
  requires dev.autograd.onnx;
  requires dev.autograd.train;
  requires info.picocli;
  requires java.management;
  requires jdk.management;
  requires static org.jspecify;

  exports dev.autograd.cli;

  opens dev.autograd.cli to
      info.picocli;
}
