#!/bin/sh
# Builds geng.wasm from the sources beside it, or into the file named as the first argument.
# Debian 12: apt-get install clang lld wasi-libc libclang-rt-dev-wasm32
set -eu
cd "$(dirname "$0")"
output=${1:-geng.wasm}
headers=$(mktemp -d)
trap 'rm -r "$headers"' EXIT

for header in nauty naututil gtools; do
  sed -f wasi.sed "nauty/$header-h.in" >"$headers/$header.h"
done

clang --target=wasm32-wasi -O2 -Wl,--strip-all -Wl,--max-memory=16777216 \
  -DWORDSIZE=32 -DMAXN=WORDSIZE -DPLUGIN='"../count_edges.h"' -I"$headers" -Inauty \
  nauty/geng.c nauty/gtools.c nauty/nauty.c nauty/nautil.c nauty/naugraph.c nauty/schreier.c nauty/naurng.c \
  -o "$output"
