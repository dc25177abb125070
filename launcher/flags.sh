# Sourced. Sets the JVM flags of everything that computes: `compute_flags`.

# The JVM's own notices go to standard error, and only when they are errors; that an archive of classes does not serve
# is none.
quiet_flags="-Xlog:disable -Xlog:all=error,cds*=off,aot*=off:stderr"
# The collector: most memory is arrays that die in the step that made them, which the parallel one frees soonest.
# The kernels' vector loops are many times slower until the optimising compiler has them: it is to take them early.
compute_flags="$quiet_flags -XX:+UseParallelGC -XX:+UseCompactObjectHeaders --add-modules jdk.incubator.vector \
-XX:CompileCommand=quiet -XX:CompileCommand=CompileThresholdScaling,dev/autograd/kernel/*.*,0.05"
