#!/usr/bin/env bash
# The main job from a fresh clone, in one command: fetches a model trained for 8,192 tokens (98 MB) and lets it read and
# continue a source text of about 15,000, with the method chosen for it. More arguments go to `farspan generate`.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
texts=${FARSPAN_TEXTS:-$root/texts}

"$root/scripts/get-texts.sh" java-util.txt
# Whole lines of the first 60,000 bytes.
head -c 60000 "$texts/java-util.txt" | sed '$d' > "$texts/tour.txt.$$"
mv "$texts/tour.txt.$$" "$texts/tour.txt"
exec "$root/farspan" generate smollm2-135m-instruct.q4_1.gguf --file "$texts/tour.txt" --method auto --max-tokens 100 "$@"
