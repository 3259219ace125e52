#!/usr/bin/env bash
# upgrade.sh <commit or path>: replaces the nodes of a cluster one by one, under load, by nodes of this version. Theirs is the node program
# of a commit before 0.2, which is built in build/upgrade, or the one at a path. See README.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if (($# != 1)); then
  echo 'usage: cluster_tests/upgrade.sh <commit or path of a program>' >&2
  exit 2
fi

program=$1
if [[ ! -x $program || -d $program ]]; then
  folder=$PWD/build/upgrade/$(git rev-parse --short "$1")
  mkdir -p "$folder/tree"
  git archive "$1" | tar --extract --directory "$folder/tree"
  cmake --preset release -S "$folder/tree" -B "$folder/build" -DBUILD_TESTING=ON
  cmake --build "$folder/build" --target cluster_node
  program=$folder/build/bin/cluster_node
fi

./dev build release
FIRST_VERSION_NODE=$(realpath "$program") build/release/bin/cluster_tests '[.upgrade]' --durations yes
