#!/usr/bin/env bash
# Draws results that are there: bench/draw_growth.sh FOLDER-WITH-PROGRAMS RESULTS OUTPUT-OF-THE-SIMULATOR. Leaves the tables
# and the drawings in RESULTS.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

"$1/bench_growth" "$2" "$3" "$2"
gnuplot -e "folder='$2'" bench/growth.gp
printf '%s\n' "$2"/{entries,nodes}.svg
