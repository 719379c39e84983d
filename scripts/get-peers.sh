#!/usr/bin/env bash
# Installs what exports are compared with into $FARSPAN_PEERS, or peers/ in the repository: a Python environment with torch and
# transformers (several GB, from PyPI), and llama.cpp in $LLAMA_CPP. What is there already is kept. Prints the environment's python3.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$here/lib.sh"
target=${FARSPAN_PEERS:-$(dirname "$here")/peers}

"$here/get-llama-cpp.sh" >&2
if ! "$target/bin/python3" -c 'import torch, transformers, peft, safetensors, gguf, diskcache' 2>/dev/null; then
  command -v python3 >/dev/null || die "python3 is not installed, and the peers are Python packages: install python3 with venv and pip."
  say "installing torch, transformers, peft and gguf in $target; that takes some minutes and several GB"
  python3 -m venv "$target" || die "python3 can make no environment: install its venv module (Debian: apt-get install python3-venv)."
  "$target/bin/python3" -m pip install -q --disable-pip-version-check \
    torch transformers==5.24.0 peft==0.21.2 safetensors gguf==0.19.0 numpy diskcache >&2 \
    || die "pip could not install the peers: check the network and run this again."
fi
printf '%s\n' "$target/bin/python3"
