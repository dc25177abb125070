# Sourced, with `root` set. Builds the benchmarks if anything is newer; sets `jdk`, `compute_flags` and `class_path`.
say() { printf '%s\n' "benchmarks: $*" >&2; }
. "$root/launcher/jdk.sh"
. "$root/launcher/flags.sh"
find_jdk

own=$root/benchmarks/target
# Jars only: an archive of classes (W8) holds nothing from folders.
class_path="$own/autograd-benchmarks-0.1.0-SNAPSHOT.jar:$own/jars/*"
if [ ! -e "$own/stamp" ] || [ -n "$(find "$root/pom.xml" "$root/benchmarks/pom.xml" "$root/benchmarks/src" "$root"/autograd-*/pom.xml \
  "$root"/autograd-*/src/main "$root/tools" -newer "$own/stamp" 2>/dev/null | head -n 1)" ]; then
  say "building ..."
  mkdir -p "$own"
  (cd "$root" && JAVA_HOME=$jdk mvn -B -q -Dquick -Dmaven.test.skip=true -pl benchmarks -am package) >&2
  touch "$own/stamp"
fi
