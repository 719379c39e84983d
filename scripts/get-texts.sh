#!/usr/bin/env bash
# Fetches the real long texts that tests, evaluations and the tour read; a text that is there is kept.
#
#   kvm-api.rst      the Linux KVM interface, 93,000 tokens of SmolLM2   (Debian package linux-doc-6.1)
#   kjv.txt          Genesis and Exodus, King James, 108,000 tokens      (Debian package bible-kjv)
#   kjv-whole.txt    the whole King James text without verse numbers, which recipes/farspan-tiny
#                    trains on; fetched only when named               (Debian package bible-kjv)
#   java-util.txt    three collection classes of the JDK, 120,000 tokens (lib/src.zip of the JDK 25)
#
#   scripts/get-texts.sh [NAME...]        all that tests read when no name is given
#
# They go into $FARSPAN_TEXTS, or texts/ in the repository. Packages are unpacked, not installed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$here/lib.sh"
texts=${FARSPAN_TEXTS:-$(dirname "$here")/texts}

# unpack PACKAGE: downloads a Debian package and unpacks it into $work/root.
unpack() {
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null \
    || die "the text $name comes from the Debian package $1, which needs apt-get: fetch the texts on a Debian system and set FARSPAN_TEXTS."
  if ! download "$1"; then
    [ "$(id -u)" = 0 ] || die "apt-get cannot download $1: run 'apt-get update' as root and try again."
    apt-get update -q >"$work/log" 2>&1 && download "$1" \
      || die "apt-get cannot download $1: $(tail -n 1 "$work/log")"
  fi
  dpkg-deb -x "$work/$1"_*.deb "$work/root"
}

download() { (cd "$work" && apt-get download -q "$1" >log 2>&1); }

kvm_api() {
  unpack linux-doc-6.1
  gzip -dc "$work"/root/usr/share/doc/linux-doc-*/Documentation/virt/kvm/api.rst.gz | sed -n '/^\.\. SPDX/,$p'
}

# bible VERSES
bible() {
  unpack bible-kjv
  unpack bible-kjv-text
  # Lines of 79 columns, whatever the terminal: the text must be the same everywhere.
  COLUMNS=79 "$work/root/usr/bin/bible" -p "$work/root/usr/lib" -f "$1"
}

kjv() { bible "Genesis1:1-Exodus40:38"; }

kjv_whole() { bible "Genesis1:1-Revelation22:21" | sed 's/^[^ ]* //'; }

java_util() {
  local home name
  home=$(find_jdk25)
  [ -f "$home/lib/src.zip" ] || die "the JDK $home has no lib/src.zip, where java-util.txt comes from: set FARSPAN_JAVA_HOME to a JDK 25 with sources."
  mkdir "$work/src"
  (cd "$work/src" && "$home/bin/jar" -xf "$home/lib/src.zip" java.base/java/util)
  for name in HashMap TreeMap concurrent/ConcurrentHashMap; do
    cat "$work/src/java.base/java/util/$name.java"
  done
}

# fetch NAME FUNCTION: leaves the text under its name only once it is whole; each is well over 200,000 bytes.
fetch() {
  name=$1
  [ -s "$texts/$name" ] && return
  say "fetching $name into $texts"
  work=$(mktemp -d "$texts/.fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  chmod 755 "$work"
  "$2" > "$work/text"
  [ "$(wc -c < "$work/text")" -gt 200000 ] || die "$name arrived incomplete: run this again."
  mv "$work/text" "$texts/$name"
  rm -rf "$work"
  trap - EXIT
}

mkdir -p "$texts"
[ $# -gt 0 ] || set -- kvm-api.rst kjv.txt java-util.txt
for name in "$@"; do
  case $name in
    kvm-api.rst) fetch "$name" kvm_api ;;
    kjv.txt) fetch "$name" kjv ;;
    kjv-whole.txt) fetch "$name" kjv_whole ;;
    java-util.txt) fetch "$name" java_util ;;
    *) die "no text '$name' to fetch; known: kvm-api.rst kjv.txt kjv-whole.txt java-util.txt" ;;
  esac
done
