package dev.autograd.kernel.reduce.lanes;
import jdk.incubator.vector.*;
/** placeholder until merge */
final class VectorExp {
  static FloatVector exp(FloatVector x){ float[] t=x.toArray(); for(int i=0;i<t.length;i++)t[i]=dev.autograd.kernel.math.FloatExp.exp(t[i]); return FloatVector.fromArray(FloatVector.SPECIES_PREFERRED,t,0);}
  static DoubleVector exp(DoubleVector x){ double[] t=x.toArray(); for(int i=0;i<t.length;i++)t[i]=dev.autograd.kernel.math.DoubleExp.exp(t[i]); return DoubleVector.fromArray(DoubleVector.SPECIES_PREFERRED,t,0);}
}
