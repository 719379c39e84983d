#!/usr/bin/env bash
# Makes sure that there is a Chromium, which a test opens the evaluation's page in.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$root/scripts/lib.sh"

command -v chromium >/dev/null && exit 0
command -v apt-get >/dev/null \
  || die "there is no chromium, and only Debian's package of it is known here: install it and put it on the PATH."
[ "$(id -u)" = 0 ] || die "there is no chromium: run 'apt-get install chromium' as root and try again."
echo "installing chromium, which a test opens a page in" >&2
log=$(mktemp)
{ apt-get update -q && apt-get install -y -q --no-install-recommends chromium; } >"$log" 2>&1 \
  || die "apt-get cannot install chromium: $(tail -n 1 "$log")"
rm -f "$log"
