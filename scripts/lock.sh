#!/bin/sh
# Write requirements/*.txt anew: every package with its hashes, and no address of an index.
set -eu
cd "$(dirname "$0")/.."
if [ -x .tools/uv/bin/uv ]; then uv=.tools/uv/bin/uv; else uv=uv; fi
for which in base dev; do
    "$uv" pip compile "requirements/$which.in" --universal --python-version 3.12 --generate-hashes --no-header --no-emit-index-url \
        --quiet -o "requirements/$which.txt" "$@"
done
