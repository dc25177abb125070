# Sourced, with `jdk`, `jdk_key`, `dist`, `flags` and `program` set. Each function sets `archive`: the JVM flag that
# reads the archive of this JDK, empty where there is none. Where making one fails, an empty file keeps it from being
# tried at every start; without an archive a command only starts more slowly.

archive=

# make_archive FILE OPTION CLASS ARGUMENT...: runs the class with an option that makes the JVM write FILE at its end.
make_archive() {
  _file=$1 _option=$2 _class=$3
  shift 3
  set -f # flags may hold patterns, which are not the shell's
  # shellcheck disable=SC2086
  "$jdk/bin/java" $flags "$_option=$_file.$$" -p "$dist/lib" -m "$_class" "$@" >/dev/null 2>&1 </dev/null || rm -f "$_file.$$"
  set +f
  rm -f "$_file.$$.config"
  [ -f "$_file.$$" ] || : >"$_file.$$"
  mv -f "$_file.$$" "$_file"
}

# From a run of --help. Ahead-of-time caches hold linked classes, but not beside an incubator module.
archive_of_short() {
  _archive=$dist/$jdk_key.aot
  [ -e "$_archive" ] || [ ! -w "$dist" ] || make_archive "$_archive" -XX:AOTCacheOutput "$program.Main" --help
  [ ! -s "$_archive" ] || archive=-XX:AOTCache=$_archive
}

# From a run of one of each computing command; so here a class-data archive serves.
archive_of_computing() {
  _archive=$dist/$jdk_key.jsa
  if [ ! -e "$_archive" ] && [ -w "$dist" ]; then
    say "preparing faster starts (once, a few seconds) ..."
    make_archive "$_archive" -XX:ArchiveClassesAtExit "$program.Rehearsal" "$dist/rehearsal.$$"
    rm -rf "$dist/rehearsal.$$"
  fi
  [ ! -s "$_archive" ] || archive=-XX:SharedArchiveFile=$_archive
}
