#!/usr/bin/env bash
# Runs every benchmark whose name matches, and keeps what they say: bench/run.sh FOLDER-WITH-PROGRAMS RESULTS [FILTER
# [OPTION…]]
set -euo pipefail

programs=$1
results=$2
filter=${3:-.}

mkdir -p "$results"
for program in "$programs"/bench_*; do
  name=$(basename "$program")
  case $name in bench_report | bench_growth) continue ;; esac
  # A program that has nothing of this name fails.
  [[ -n $("$program" --benchmark_list_tests --benchmark_filter="$filter" 2>/dev/null) ]] || continue
  printf '%s\n' "$name" >&2
  "$program" --benchmark_filter="$filter" --benchmark_out="$results/$name.json" --benchmark_out_format=json \
    --benchmark_repetitions=5 --benchmark_min_time=0.2 "${@:4}" >&2
done
