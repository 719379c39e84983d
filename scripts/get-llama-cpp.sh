#!/usr/bin/env bash
# Builds llama.cpp's llama-bench, to measure against: about 10 minutes on 2 cores, with cmake, a C++ compiler and pip.
# What is built already is kept. It goes into $LLAMA_CPP, or llama.cpp/ in the repository, as bin/llama-bench.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
. "$here/lib.sh"
target=${LLAMA_CPP:-$(dirname "$here")/llama.cpp}

# Its sources come inside the source package of its Python bindings, which names the commit they were taken from.
package=llama-cpp-python==0.3.36
archive=llama_cpp_python-0.3.36
sha256=832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e

if [ -x "$target/bin/llama-bench" ]; then exit 0; fi
for tool in cmake c++ git python3; do
  command -v "$tool" >/dev/null || die "llama.cpp is built with $tool, which is not installed: install cmake, a C++ compiler, git and python3."
done
python3 -m pip --version >/dev/null 2>&1 || die "python3 has no pip, and the sources are fetched with it: install pip (Debian: apt-get install python3-pip)."

mkdir -p "$target"
target=$(cd "$target" && pwd -P)
say "building llama.cpp in $target; that takes about ten minutes"
if [ ! -f "$target/$archive.tar.gz" ]; then
  python3 -m pip download -q --no-deps --no-binary :all: --disable-pip-version-check -d "$target" "$package" >&2 \
    || die "pip could not download $package: check the network and run this again."
fi
if [ "$(sha256_of "$target/$archive.tar.gz")" != "$sha256" ]; then
  rm "$target/$archive.tar.gz"
  die "$archive.tar.gz arrived with a wrong SHA-256: run this again."
fi
tar -C "$target" -xzf "$target/$archive.tar.gz"
# GCC 12 drops the stores to the tiles' configuration, whose intrinsic names only its first bytes: without this the program
# ends with an illegal instruction on processors with AMX.
amx=$target/$archive/vendor/llama.cpp/ggml/src/ggml-cpu/amx/mmq.cpp
sed 's|^    _tile_loadconfig(&tc);|    __asm__ volatile("" : : "m"(tc) : "memory");\n&|' "$amx" > "$amx.new" && mv "$amx.new" "$amx"

log=$target/build.log
{
  cmake -S "$target/$archive/vendor/llama.cpp" -B "$target" -DCMAKE_BUILD_TYPE=Release -DGGML_NATIVE=ON \
    -DLLAMA_CURL=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
    && cmake --build "$target" -j"$(getconf _NPROCESSORS_ONLN)" --target llama-bench
} >"$log" 2>&1 || {
  tail -n 20 "$log" >&2
  die "llama.cpp could not be built; the whole output is in $log"
}
