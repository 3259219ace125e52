#!/usr/bin/env bash
# Draws the figures of short runs, and two clusters: bench/growth_test.sh FOLDER-WITH-PROGRAMS RESULTS
set -euo pipefail

folder=$(mktemp --directory)
trap 'rm -r "$folder"' EXIT
cp "$2"/*.json "$folder"
for nodes in 2 5; do
  "$1/registry_sim" --calm --nodes "$nodes" --seeds 1
done >"$folder/nodes.txt"
"$(dirname "${BASH_SOURCE[0]}")/draw_growth.sh" "$1" "$folder" "$folder/nodes.txt"

# must_have <file> <text>…
must_have() {
  for text in "${@:2}"; do
    grep --quiet --fixed-strings -- "$text" "$1" || { printf '%s has no "%s"\n' "$1" "$text" >&2 && exit 1; }
  done
}
[[ $(wc --lines <"$folder/entries.tsv") == 4 ]] || { cat "$folder/entries.tsv" && exit 1; }
[[ $(wc --lines <"$folder/nodes.tsv") == 3 ]] || { cat "$folder/nodes.tsv" && exit 1; }
must_have "$folder/entries.svg" '<svg' 'Cost by size of a scope' 'visiting a snapshot, per entry'
must_have "$folder/nodes.svg" '<svg' 'Cost by size of a cluster' 'bytes per join'

# Without a benchmark it says which one is missing.
rm "$folder/churn.json"
! "$1/bench_growth" "$folder" "$folder/nodes.txt" "$folder" 2>"$folder/log" || exit 1
must_have "$folder/log" 'churn/10000'
