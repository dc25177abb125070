package dev.autograd.kernel.expr;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Writes the bodies of our own static methods in place of calls to them.
///
/// C2 gives up inlining an ordinary method once a compilation has grown past a number of nodes
/// (NodeCountInliningCutoff), which a few vector functions reach; a vector that crosses a call is
/// boxed. Calls of the Vector API are marked to be inlined always, so they are all that may remain.
final class Expander {

  private static final String OURS = "dev/autograd/kernel/";
  private static final Map<String, ClassModel> CLASSES = new ConcurrentHashMap<>();

  private final CodeBuilder code;
  private int free;

  Expander(CodeBuilder code) {
    this.code = code;
  }

  /// Calls a static method whose arguments are on the stack; its body may use locals from `locals`
  /// on.
  void call(ClassDesc owner, String name, MethodTypeDesc type, int locals) {
    String path = owner.descriptorString();
    free = locals;
    call(path.substring(1, path.length() - 1), name, type, owner);
  }

  /// Returns about how many bytes a call of a method of this name would take with the bodies in
  /// place.
  static int length(ClassDesc owner, String name) {
    String path = owner.descriptorString();
    return length(path.substring(1, path.length() - 1), name);
  }

  private static int length(String owner, String name) {
    if (!owner.startsWith(OURS)) {
      return 0;
    }
    for (MethodModel m : CLASSES.computeIfAbsent(owner, Expander::parse).methods()) {
      Optional<CodeAttribute> body = m.findAttribute(Attributes.code()).filter(Expander::plain);
      if (m.methodName().equalsString(name) && body.isPresent()) {
        int length = body.get().codeLength();
        for (CodeElement e : body.get()) {
          if (e instanceof InvokeInstruction i && i.opcode() == Opcode.INVOKESTATIC) {
            length += length(i.owner().asInternalName(), i.name().stringValue());
          }
        }
        return length;
      }
    }
    return 0;
  }

  private void call(String owner, String name, MethodTypeDesc type, ClassDesc ownerType) {
    Optional<CodeAttribute> body = body(owner, name, type);
    if (body.isEmpty()) {
      code.invokestatic(ownerType, name, type);
      return;
    }
    CodeAttribute method = body.get();
    int base = free;
    free += method.maxLocals();
    int slot = base;
    for (ClassDesc p : type.parameterList()) {
      slot += TypeKind.from(p).slotSize();
    }
    for (ClassDesc p : type.parameterList().reversed()) {
      TypeKind kind = TypeKind.from(p);
      slot -= kind.slotSize();
      code.storeLocal(kind, slot);
    }
    copy(method, base);
  }

  private void copy(CodeModel method, int base) {
    Map<Label, Label> labels = new HashMap<>();
    Label end = code.newLabel();
    List<CodeElement> elements = method.elementList();
    for (int at = 0; at < elements.size(); at++) {
      boolean last = at == elements.size() - 1;
      switch (elements.get(at)) {
        case LoadInstruction i -> code.loadLocal(i.typeKind(), base + i.slot());
        case StoreInstruction i -> code.storeLocal(i.typeKind(), base + i.slot());
        case IncrementInstruction i -> code.iinc(base + i.slot(), i.constant());
        case LabelTarget t ->
            code.labelBinding(labels.computeIfAbsent(t.label(), l -> code.newLabel()));
        case BranchInstruction b ->
            code.branch(b.opcode(), labels.computeIfAbsent(b.target(), l -> code.newLabel()));
        case ReturnInstruction r -> {
          if (!last) {
            code.goto_(end);
          }
        }
        case InvokeInstruction i when i.opcode() == Opcode.INVOKESTATIC ->
            call(
                i.owner().asInternalName(),
                i.name().stringValue(),
                i.typeSymbol(),
                i.owner().asSymbol());
        case Instruction i -> code.with(i);
        default -> {}
      }
    }
    code.labelBinding(end);
  }

  /// Returns the body of a method that can be written in place.
  ///
  /// Not one with an `invokedynamic`, which would look up what only its own class may see; such a
  /// method must be public.
  private static Optional<CodeAttribute> body(String owner, String name, MethodTypeDesc type) {
    if (!owner.startsWith(OURS)) {
      return Optional.empty();
    }
    for (MethodModel m : CLASSES.computeIfAbsent(owner, Expander::parse).methods()) {
      if (m.methodName().equalsString(name) && m.methodTypeSymbol().equals(type)) {
        return m.findAttribute(Attributes.code()).filter(Expander::plain);
      }
    }
    return Optional.empty();
  }

  private static boolean plain(CodeAttribute method) {
    for (CodeElement e : method) {
      if (e instanceof InvokeDynamicInstruction
          || e instanceof TableSwitchInstruction
          || e instanceof LookupSwitchInstruction) {
        return false;
      }
    }
    return method.exceptionHandlers().isEmpty();
  }

  private static ClassModel parse(String owner) {
    try (InputStream in = Expander.class.getResourceAsStream("/" + owner + ".class")) {
      if (in == null) {
        throw new IllegalStateException("kernel: cannot read the class " + owner);
      }
      return ClassFile.of(ClassFile.DebugElementsOption.DROP_DEBUG).parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("kernel: cannot read the class " + owner, e);
    }
  }
}
