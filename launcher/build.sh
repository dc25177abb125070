# Sourced. Builds the distribution where it is missing or older than what it is made from.

# fresh ROOT DIST: whether the distribution is newer than every pom, main source and what writes sources.
fresh() {
  [ -e "$2/stamp" ] || return 1
  _newer=$(find "$1/pom.xml" "$1"/autograd-*/pom.xml "$1"/autograd-*/src/main "$1/tools" "$1/launcher" -newer "$2/stamp" 2>/dev/null | head -n 1)
  [ -z "$_newer" ]
}

# build ROOT DIST JDK: one builder at a time; who waits finds the work done. Maven's output goes to a log.
build() {
  if [ ! -x "$3/bin/javac" ]; then
    say "the first use builds, and $3 has no javac. Set AUTOGRAD_JAVA_HOME to a full JDK $jdk_wanted or newer."
    exit 2
  fi
  if ! command -v mvn >/dev/null 2>&1; then
    say "the first use builds with Maven 3.8.7 or newer, and there is no mvn on PATH. Install it (package: maven)."
    exit 2
  fi
  mkdir -p "$1/target"
  _lock=$1/target/launcher.lock
  _told=
  until mkdir "$_lock" 2>/dev/null; do
    _owner=$(cat "$_lock/pid" 2>/dev/null) || _owner=
    if [ -n "$_owner" ] && ! kill -0 "$_owner" 2>/dev/null; then
      # Its owner is gone. Only who holds the second lock may take the first away, after a second look.
      if mkdir "$_lock.dead" 2>/dev/null; then
        [ "$(cat "$_lock/pid" 2>/dev/null)" != "$_owner" ] || rm -rf "$_lock"
        rmdir "$_lock.dead"
      fi
      continue
    fi
    [ -n "$_told" ] || say "waiting for another build ($_lock)"
    _told=yes
    sleep 1
  done
  trap 'rm -rf "$_lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  printf '%s\n' $$ >"$_lock/pid"

  if ! fresh "$1" "$2"; then
    if [ -e "$2/stamp" ]; then
      say "building (sources have changed) ..."
    else
      say "building (first use, about a minute) ..."
    fi
    _log=$1/target/launcher-build.log
    if ! (cd "$1" && JAVA_HOME=$3 mvn -B -q -Dquick -Ddist -Dmaven.test.skip=true package) \
      >"$_log" 2>&1 </dev/null; then
      _lines=$(grep '^\[ERROR\] [^T]' "$_log" | grep -v -e 'Help 1' -e '-X switch' -e '-e switch' -e 'For more info' -e 'After correcting' -e 'rf :' |
        head -n 12)
      printf '%s\n' "${_lines:-$(tail -n 12 "$_log")}" >&2
      say "the build failed; the whole log: $_log"
      exit 1
    fi
    # A source saved while Maven ran counts as newer.
    touch -r "$_lock/pid" "$2/stamp"
  fi
  rm -rf "$_lock"
  trap - EXIT INT TERM HUP
}
