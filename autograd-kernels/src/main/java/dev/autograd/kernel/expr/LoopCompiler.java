package dev.autograd.kernel.expr;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.autograd.kernel.ElementType;
import dev.autograd.kernel.expr.Expr.Binary;
import dev.autograd.kernel.expr.Expr.Constant;
import dev.autograd.kernel.expr.Expr.Fma;
import dev.autograd.kernel.expr.Expr.Input;
import dev.autograd.kernel.expr.Expr.Param;
import dev.autograd.kernel.expr.Expr.Select;
import dev.autograd.kernel.expr.Expr.Unary;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Turns a program into a hidden class that implements [Loop].
///
/// Every node becomes one call of a small static method (`FloatOps.add`, `FloatVectorOps.exp`)
/// whose result is kept in a local variable; the JIT compiler inlines the calls. All inputs of an
/// element are read before its outputs are written, so an output may be one of the inputs.
final class LoopCompiler {

  private static final String PACKAGE = LoopCompiler.class.getPackageName();
  private static final ClassDesc LOOP = ClassDesc.of(PACKAGE, "Loop");
  private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
  private static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");

  /// The JIT compilers leave methods of more than 8000 bytes to the interpreter (HugeMethodLimit).
  private static final int COMPILABLE = 7900;

  private static final int NODE_BYTES = 12;

  private static final int FROM = 1;
  private static final int TO = 2;
  private static final int PARAMS = 3;
  private static final int OUTS = 4;
  private static final int OUT_OFFSETS = 5;
  private static final int INS = 6;
  private static final int IN_OFFSETS = 7;
  private static final int FIRST_FREE = 8;

  /// How the values of a loop look in bytecode.
  private enum Form {
    SCALAR,
    WIDE,
    VECTOR
  }

  private final Program program;
  private final Form form;
  private final int bits;
  private final ClassDesc element;
  private final ClassDesc value;
  private final ClassDesc truth;
  private final ClassDesc operations;
  private final CodeBuilder code;
  private final int[] inputLocals;
  private final int[] outputLocals;
  private final int[] nodeLocals;
  private int free = FIRST_FREE;

  private LoopCompiler(Program program, Form form, int bits, CodeBuilder code) {
    this.program = program;
    this.form = form;
    this.bits = bits;
    this.code = code;
    boolean vector = form == Form.VECTOR;
    element = elementOf(program.type());
    value =
        vector ? ClassDesc.of("jdk.incubator.vector." + name(program.type()) + "Vector") : element;
    truth = vector ? MASK : CD_boolean;
    operations = operations(program.type(), vector);
    inputLocals = new int[program.inputs()];
    outputLocals = new int[program.outputs().size()];
    nodeLocals = new int[program.nodes().size()];
    Arrays.fill(inputLocals, -1);
    Arrays.fill(nodeLocals, -1);
  }

  /// Compiles the scalar loops, and the vector loop where `bits` is not 0.
  static Loop compile(Program program, int bits) {
    if (estimate(program, bits) > 2 * COMPILABLE) {
      return Stages.of(program, bits);
    }
    byte[] bytes = build(program, bits);
    if (longestMethod(bytes) > COMPILABLE) {
      return Stages.of(program, bits);
    }
    try {
      Class<?> hidden = MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass();
      return (Loop) hidden.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("kernel: cannot load the loop of " + program.outputs(), e);
    }
  }

  private static byte[] build(Program program, int bits) {
    ClassDesc self = ClassDesc.of(PACKAGE, "CompiledLoop");
    MethodTypeDesc scalar = loopType(CD_void);
    MethodTypeDesc vector = loopType(CD_int);
    boolean truths = !program.logicalInputs().isEmpty() || !program.logicalOutputs().isEmpty();
    return ClassFile.of()
        .build(
            self,
            c -> {
              c.withFlags(ACC_PUBLIC | ACC_FINAL).withInterfaceSymbols(LOOP);
              c.withMethodBody(
                  INIT_NAME,
                  MTD_void,
                  ACC_PUBLIC,
                  b -> b.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_());
              c.withMethodBody(
                  "scalar",
                  scalar,
                  ACC_PUBLIC,
                  b -> new LoopCompiler(program, Form.SCALAR, 0, b).emit());
              if (truths) {
                c.withMethodBody(
                    "wide",
                    scalar,
                    ACC_PUBLIC,
                    b -> new LoopCompiler(program, Form.WIDE, 0, b).emit());
              }
              if (bits > 0 && program.type().floating()) {
                c.withMethodBody(
                    "vector",
                    vector,
                    ACC_PUBLIC,
                    b -> new LoopCompiler(program, Form.VECTOR, bits, b).emit());
              }
            });
  }

  /// Returns about how many bytes the longest loop would take, without writing it.
  private static int estimate(Program program, int bits) {
    int nodes = program.nodes().size();
    if (bits == 0 || !program.type().floating()) {
      return NODE_BYTES * nodes;
    }
    ClassDesc operations = operations(program.type(), true);
    int length = 0;
    Map<String, Integer> lengths = new HashMap<>();
    for (Expr e : program.nodes()) {
      length += NODE_BYTES;
      String method =
          switch (e) {
            case Unary u -> u.op().method();
            case Binary b -> b.op().method();
            case Input i -> "";
            case Param p -> "";
            case Constant c -> "";
            case Select s -> "";
            case Fma f -> "";
          };
      if (!method.isEmpty()) {
        length += lengths.computeIfAbsent(method, m -> Expander.length(operations, m));
      }
    }
    return length;
  }

  private static int longestMethod(byte[] bytes) {
    int longest = 0;
    for (MethodModel m : ClassFile.of().parse(bytes).methods()) {
      longest =
          Math.max(longest, m.findAttribute(Attributes.code()).map(c -> c.codeLength()).orElse(0));
    }
    return longest;
  }

  private static MethodTypeDesc loopType(ClassDesc result) {
    return MethodTypeDesc.of(
        result,
        CD_int,
        CD_int,
        CD_double.arrayType(),
        CD_Object.arrayType(),
        CD_int.arrayType(),
        CD_Object.arrayType(),
        CD_int.arrayType());
  }

  private void emit() {
    List<Expr> outputs = program.outputs();
    for (Expr e : program.nodes()) {
      if (e instanceof Input in) {
        inputLocals[in.index()] = array(INS, IN_OFFSETS, in.index(), arrayOf(program.logical(e)));
      }
    }
    for (int k = 0; k < outputs.size(); k++) {
      outputLocals[k] = array(OUTS, OUT_OFFSETS, k, arrayOf(program.logical(outputs.get(k))));
    }
    // What is the same for all elements is made once, before the loop.
    for (Expr e : program.nodes()) {
      if (e instanceof Param p) {
        code.aload(PARAMS).loadConstant(p.index()).daload();
        narrow();
        keep(e);
      } else if (e instanceof Constant c && form == Form.VECTOR) {
        constant(c.value());
        keep(e);
      }
    }
    int i = free++;
    int lanes = form == Form.VECTOR ? bits / (8 * program.type().bytes()) : 1;
    Label top = code.newLabel();
    Label end = code.newLabel();
    code.iload(FROM).istore(i).labelBinding(top).iload(i).iload(TO);
    if (lanes > 1) {
      code.loadConstant(lanes).isub().if_icmpgt(end);
    } else {
      code.if_icmpge(end);
    }
    for (Expr e : program.nodes()) {
      node(e, i);
    }
    for (int k = 0; k < outputs.size(); k++) {
      store(k, outputs.get(k), i);
    }
    code.iinc(i, lanes).goto_(top).labelBinding(end);
    if (form == Form.VECTOR) {
      code.iload(i).ireturn();
    } else {
      code.return_();
    }
  }

  /// Reads an array and its offset into two new locals and returns the first.
  private int array(int arrays, int offsets, int k, ClassDesc type) {
    int local = free;
    free += 2;
    code.aload(arrays).loadConstant(k).aaload().checkcast(type).astore(local);
    code.aload(offsets).loadConstant(k).iaload().istore(local + 1);
    return local;
  }

  private ClassDesc arrayOf(boolean logical) {
    ClassDesc byteArray = ClassDesc.ofDescriptor("[B");
    return logical && form == Form.SCALAR ? byteArray : element.arrayType();
  }

  /// Turns the double on the stack into the compute type and, in a vector loop, into a vector.
  private void narrow() {
    switch (program.type()) {
      case F32 -> code.d2f();
      case I64 -> code.d2l();
      // By way of long: an int parameter wraps as an int value does.
      case I32 -> code.d2l().l2i();
      case F64, U8, BOOL -> {}
    }
    if (form == Form.VECTOR) {
      int local = free;
      free += 2;
      code.storeLocal(TypeKind.from(element), local);
      species().loadLocal(TypeKind.from(element), local);
      code.invokestatic(value, "broadcast", MethodTypeDesc.of(value, SPECIES, element));
    }
  }

  private void constant(double c) {
    if (form == Form.VECTOR) {
      species();
    }
    switch (program.type()) {
      case F32 -> code.loadConstant((float) c);
      case F64 -> code.loadConstant(c);
      case I64 -> code.loadConstant((long) c);
      case I32 -> code.loadConstant((int) (long) c);
      case U8, BOOL -> throw new IllegalStateException("kernel: no loop over " + program.type());
    }
    if (form == Form.VECTOR) {
      code.invokestatic(value, "broadcast", MethodTypeDesc.of(value, SPECIES, element));
    }
  }

  private CodeBuilder species() {
    return code.getstatic(value, "SPECIES_" + bits, SPECIES);
  }

  private void node(Expr e, int i) {
    switch (e) {
      case Input in -> {
        input(in, i);
        keep(e);
      }
      case Param p -> {}
      case Constant c -> {}
      case Unary u -> call(e, u.op().method());
      case Binary b -> call(e, b.op().method());
      case Select s -> call(e, "select");
      case Fma f -> call(e, "fma");
    }
  }

  private void input(Input in, int i) {
    int local = inputLocals[in.index()];
    boolean logical = program.logical(in);
    if (form == Form.VECTOR) {
      species().aload(local).iload(local + 1).iload(i).iadd();
      code.invokestatic(
          value, "fromArray", MethodTypeDesc.of(value, SPECIES, element.arrayType(), CD_int));
      if (logical) {
        invoke("toMask", MethodTypeDesc.of(truth, value));
      }
      return;
    }
    code.aload(local).iload(local + 1).iload(i).iadd();
    if (logical && form == Form.SCALAR) {
      Label zero = code.newLabel();
      Label done = code.newLabel();
      code.baload().ifeq(zero).iconst_1().goto_(done).labelBinding(zero).iconst_0();
      code.labelBinding(done);
      return;
    }
    code.arrayLoad(TypeKind.from(element));
    if (logical) {
      constant(0.0);
      code.invokestatic(operations, "ne", MethodTypeDesc.of(truth, value, value));
    }
  }

  private void call(Expr e, String method) {
    List<ClassDesc> types = new ArrayList<>();
    for (Expr operand : e.operands()) {
      load(operand);
      types.add(typeOf(operand));
    }
    invoke(method, MethodTypeDesc.of(typeOf(e), types));
    keep(e);
  }

  private void invoke(String method, MethodTypeDesc type) {
    if (form == Form.VECTOR) {
      new Expander(code).call(operations, method, type, free);
    } else {
      code.invokestatic(operations, method, type);
    }
  }

  private void load(Expr e) {
    if (e instanceof Constant c && form != Form.VECTOR) {
      constant(c.value());
    } else {
      code.loadLocal(TypeKind.from(typeOf(e)), nodeLocals[program.slot(e)]);
    }
  }

  private void keep(Expr e) {
    TypeKind kind = TypeKind.from(typeOf(e));
    int local = free;
    free += kind.slotSize();
    nodeLocals[program.slot(e)] = local;
    code.storeLocal(kind, local);
  }

  private void store(int k, Expr output, int i) {
    int local = outputLocals[k];
    boolean logical = program.logical(output);
    if (form == Form.VECTOR) {
      load(output);
      if (logical) {
        invoke("fromMask", MethodTypeDesc.of(value, truth));
      }
      code.aload(local).iload(local + 1).iload(i).iadd();
      code.invokevirtual(
          value, "intoArray", MethodTypeDesc.of(CD_void, element.arrayType(), CD_int));
      return;
    }
    code.aload(local).iload(local + 1).iload(i).iadd();
    load(output);
    if (logical && form == Form.SCALAR) {
      code.bastore();
      return;
    }
    if (logical) {
      constant(1.0);
      constant(0.0);
      code.invokestatic(
          operations, "select", MethodTypeDesc.of(value, Arrays.asList(truth, value, value)));
    }
    code.arrayStore(TypeKind.from(element));
  }

  private ClassDesc typeOf(Expr e) {
    return program.logical(e) ? truth : value;
  }

  private static ClassDesc operations(ElementType type, boolean vector) {
    return ClassDesc.of(PACKAGE, name(type) + (vector ? "VectorOps" : "Ops"));
  }

  private static String name(ElementType type) {
    return switch (type) {
      case F32 -> "Float";
      case F64 -> "Double";
      case I64 -> "Long";
      case I32 -> "Int";
      case U8, BOOL -> throw new IllegalStateException("kernel: no loop over " + type);
    };
  }

  private static ClassDesc elementOf(ElementType type) {
    return switch (type) {
      case F32 -> CD_float;
      case F64 -> CD_double;
      case I64 -> CD_long;
      case I32 -> CD_int;
      case U8, BOOL -> throw new IllegalStateException("kernel: no loop over " + type);
    };
  }
}
