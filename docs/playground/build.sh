#!/usr/bin/env bash
# The playground as a folder that a browser opens without a server: docs/playground/build.sh <folder>
#
# It needs Emscripten. EIGEN3_INCLUDE_DIR says where Eigen lies if pkg-config does not know.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"

eigen=${EIGEN3_INCLUDE_DIR:-$(pkg-config --cflags-only-I eigen3 | sed 's/^ *-I//; s/ *$//')}
# Exceptions carry the library's messages to the page.
em++ -std=c++17 -O2 -DNDEBUG -fexceptions -I"$here/../../include" -isystem "$eigen" -c "$here/playground.cpp" \
  -o playground.o
# -O1 links as well, and without an optimiser of JavaScript that some distributions pack on its own. One file, since a
# page from a folder may not read others.
em++ -O1 -fexceptions playground.o -o spark.js -sSINGLE_FILE=1 -sMODULARIZE=1 -sEXPORT_NAME=loadSpark \
  -sENVIRONMENT=web -sASSERTIONS=0 -sFILESYSTEM=0 -sEXPORTED_RUNTIME_METHODS=UTF8ToString,HEAP32,HEAPF64 \
  -sEXPORTED_FUNCTIONS=_playground_make,_playground_states,_playground_run,_malloc,_free
rm playground.o
cp "$here"/*.html "$here"/*.css "$here"/*.js .
