package dev.autograd.cli;

import java.lang.module.ModuleDescriptor;
import picocli.CommandLine.IVersionProvider;

/// The version of the program and of the Java under it.
final class ProgramVersion implements IVersionProvider {
  /// Returns the program's version, as its module descriptor has it.
  static String number() {
    ModuleDescriptor module = Main.class.getModule().getDescriptor();
    return module == null ? "unversioned" : module.rawVersion().orElse("unversioned");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "autograd %s (Java %s)".formatted(number(), System.getProperty("java.version"))
    };
  }
}
