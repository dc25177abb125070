# Sourced. Finds a JDK of release 25 or later: sets `jdk` (its folder) and `jdk_key` (a name for this very build of
# it), or exits with 2. In order: AUTOGRAD_JAVA_HOME, which must serve when it is set, JAVA_HOME, the java on PATH,
# the usual folders. The version stands in the file `release` of every JDK, so no Java is started to learn it.
# AUTOGRAD_JDK_FOLDERS (colons between) takes the place of the usual folders.

jdk=
jdk_key=
jdk_release=
jdk_seen=
jdk_wanted=25

# read_release FOLDER: sets `jdk_release` and `jdk_key`; fails where no JDK is.
read_release() {
  jdk_release=
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  _vendor= _build=
  while IFS='=' read -r _key _value || [ -n "$_key" ]; do
    _value=${_value#\"}
    _value=${_value%\"}
    case $_key in
      IMPLEMENTOR) _vendor=${_value%% *} ;;
      JAVA_RUNTIME_VERSION) _build=$_value ;;
      JAVA_VERSION)
        _value=${_value#1.}
        jdk_release=${_value%%[!0-9]*}
        ;;
    esac
  done <"$1/release"
  jdk_key=$_vendor-${_build:-$jdk_release}
  case $jdk_key in
    *[!A-Za-z0-9.+_-]*) jdk_key=java-$jdk_release ;;
  esac
  [ -n "$jdk_release" ]
}

# try_jdk FOLDER: sets `jdk` where the folder serves; remembers the first of each older release for the message.
try_jdk() {
  read_release "$1" || return 1
  if [ "$jdk_release" -ge $jdk_wanted ]; then
    jdk=$1
    return 0
  fi
  case "$jdk_seen," in
    *"Java $jdk_release "*) ;;
    *) jdk_seen="${jdk_seen:+$jdk_seen, }Java $jdk_release ($1)" ;;
  esac
  return 1
}

try_java_on_path() {
  _java=$(command -v java) || return 1
  while [ -h "$_java" ]; do
    _target=$(readlink "$_java")
    case $_target in
      /*) _java=$_target ;;
      *) _java=${_java%/*}/$_target ;;
    esac
  done
  _bin=${_java%/*}
  case $_bin in
    */bin) try_jdk "${_bin%/bin}" ;;
    *) return 1 ;;
  esac
}

try_folders() {
  _list=$1:
  while [ -n "$_list" ]; do
    _folder=${_list%%:*}
    _list=${_list#*:}
    for _home in "$_folder"/* "$_folder"/*/Contents/Home; do
      if try_jdk "$_home"; then return 0; fi
    done
  done
  return 1
}

find_jdk() {
  _advice="Install one (Eclipse Temurin 25 or your system's openjdk-25-jdk) or set AUTOGRAD_JAVA_HOME to one."
  if [ -n "${AUTOGRAD_JAVA_HOME:-}" ]; then
    try_jdk "$AUTOGRAD_JAVA_HOME" && return 0
    say "AUTOGRAD_JAVA_HOME must be a JDK $jdk_wanted or newer, but is ${jdk_seen:-no JDK ($AUTOGRAD_JAVA_HOME)}. $_advice"
    exit 2
  fi
  if [ -n "${JAVA_HOME:-}" ] && try_jdk "$JAVA_HOME"; then return 0; fi
  if try_java_on_path; then return 0; fi
  _usual=/usr/lib/jvm:/opt:${HOME:-/root}/.sdkman/candidates/java:${HOME:-/root}/.jdks:/Library/Java/JavaVirtualMachines
  if try_folders "${AUTOGRAD_JDK_FOLDERS-$_usual}"; then return 0; fi
  say "needs a JDK $jdk_wanted or newer, found ${jdk_seen:-no Java}. $_advice"
  exit 2
}
