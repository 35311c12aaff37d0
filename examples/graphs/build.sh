#!/bin/sh
# Builds geng.wasm from the sources beside it, or into the file named as the first argument.
# Debian 12: apt-get install clang lld wasi-libc libclang-rt-dev-wasm32
set -eu
cd "$(dirname "$0")"
output=${1:-geng.wasm}
objects=$(mktemp -d)
trap 'rm -r "$objects"' EXIT

for header in nauty naututil gtools; do
  sed -f wasi.sed "nauty/$header-h.in" >"$objects/$header.h"
done

for source in nauty/geng.c nauty/gtools.c nauty/nauty.c nauty/nautil.c nauty/naugraph.c nauty/schreier.c nauty/naurng.c; do
  clang --target=wasm32-wasi -O2 -DWORDSIZE=32 -DMAXN=WORDSIZE -DPLUGIN='"../count_edges.h"' \
    -I"$objects" -Inauty -c "$source" -o "$objects/$(basename "$source" .c).o"
done

# Without -O here: with it, clang would run whatever wasm-opt it finds, and make other bytes.
clang --target=wasm32-wasi -Wl,--strip-all -Wl,--max-memory=16777216 "$objects"/*.o -o "$output"
