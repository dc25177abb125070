# Sourced. Sets the JVM flags of everything that computes: `compute_flags`.

# The JVM's own notices go to standard error, and only when they are errors.
quiet_flags="-Xlog:disable -Xlog:all=error:stderr"
compute_flags="$quiet_flags -XX:+UseParallelGC --add-modules jdk.incubator.vector"
