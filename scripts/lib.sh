# shellcheck shell=bash disable=SC2034
# Shared by ./farspan, ./verify and the other scripts; sourced, never run. Works with bash 3.2 and newer.

# The two real models that tests and the tour use; scripts/get-models.sh knows where they come from.
known_models="smollm2-135m-instruct.q4_1.gguf gemma3-270m.q4_k_m.gguf"

say() { printf 'farspan: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# is_jdk25 DIR: is DIR a JDK 25? Reads its release file, so that no JVM has to start.
is_jdk25() {
  [ -x "$1/bin/javac" ] && grep -Eqs '^JAVA_VERSION="25([."+-]|$)' "$1/release"
}

# home_of_java COMMAND: the JDK directory behind a `java` found on the PATH, through all symbolic links.
home_of_java() {
  local file
  file=$(command -v "$1") || return 1
  file=$(real_path "$file")
  dirname "$(dirname "$file")"
}

# real_path FILE: its absolute path with every symbolic link of the last element followed (macOS may lack readlink -f).
real_path() {
  local file=$1 target
  while [ -L "$file" ]; do
    target=$(readlink "$file")
    case $target in
      /*) file=$target ;;
      *) file=$(dirname "$file")/$target ;;
    esac
  done
  printf '%s/%s\n' "$(cd "$(dirname "$file")" && pwd -P)" "$(basename "$file")"
}

# jdk_candidates: every directory that may hold a JDK, best first, one a line.
jdk_candidates() {
  local file
  printf '%s\n' "${JAVA_HOME:-}"
  home_of_java java 2>/dev/null || true
  printf '%s\n' /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /opt/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home
  if [ -x /usr/libexec/java_home ]; then /usr/libexec/java_home -v 25 2>/dev/null || true; fi
  for file in "$HOME/.m2/toolchains.xml" "${MAVEN_HOME:-/nonexistent}/conf/toolchains.xml"; do
    [ -f "$file" ] && sed -n 's:.*<jdkHome>[[:space:]]*\(.*[^[:space:]]\)[[:space:]]*</jdkHome>.*:\1:p' "$file"
  done
  return 0
}

# find_jdk25: prints the directory of a JDK 25, or says what to install and fails.
find_jdk25() {
  local home
  if [ -n "${FARSPAN_JAVA_HOME:-}" ]; then
    is_jdk25 "$FARSPAN_JAVA_HOME" || die "FARSPAN_JAVA_HOME=$FARSPAN_JAVA_HOME is not a JDK 25: point it at one or unset it."
    printf '%s\n' "$FARSPAN_JAVA_HOME"
    return
  fi
  while IFS= read -r home; do
    if [ -n "$home" ] && is_jdk25 "$home"; then
      printf '%s\n' "$home"
      return
    fi
  done <<CANDIDATES
$(jdk_candidates)
CANDIDATES
  die "no JDK 25 found: install one (for example Eclipse Temurin 25) or set FARSPAN_JAVA_HOME to its directory."
}

need_maven() {
  command -v mvn >/dev/null || die "Maven (mvn) is not installed: install Maven 3.8 or newer and try again."
}

# maven_options: for Maven 3 on a JDK 25, which warns about Maven's own libraries without the first two.
maven_options() {
  printf '%s\n' "--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}"
}

# sha256_of FILE
sha256_of() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}
