#!/usr/bin/env bash
# Measures how costs grow and draws it: bench/growth.sh FOLDER-WITH-PROGRAMS RESULTS. NODES are the sizes of simulated
# clusters.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

programs=$1
results=$2

bench/run.sh "$programs" "$results" '^(lookup|lookup_flat_map|churn|join_self|snapshot|snapshot_visited)/(10000|100000|1000000)(/[a-z_]*)?$'
for nodes in ${NODES:-2 10 100 300}; do
  "$programs/registry_sim" --calm --nodes "$nodes" --seeds 1
done | tee "$results/nodes.txt"
bench/draw_growth.sh "$programs" "$results" "$results/nodes.txt"
