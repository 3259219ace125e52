#!/usr/bin/env bash
# pkg_config.sh COMPILER FOLDER VERSION: builds the consumer with what pkg-config says, by the .pc files in FOLDER, and runs it.
set -euo pipefail
compiler=$1 version=$3
export PKG_CONFIG_PATH=$2${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
here=$(dirname "${BASH_SOURCE[0]}")
folder=$(mktemp --directory)
trap 'rm -r "$folder"' EXIT

[[ $(pkg-config --modversion registry-actors) == "$version" ]]
# What a header of the core needs is there with the core alone.
read -ra core < <(pkg-config --cflags registry-core)
printf '#include <registry/table/table.hpp>\n' | "$compiler" -std=c++20 "${core[@]}" -fsyntax-only -x c++ -
# The option that coroutines need is there where the compiler needs it, and nowhere else.
macros=$("$compiler" -dM -E -x c++ /dev/null)
needed=$(awk '/ __clang__ /{ clang = 1 } / __GNUC__ /{ gcc = $3 } END { print !clang && gcc < 14 }' <<<"$macros")
[[ $(grep --count -w -- -fno-tree-slp-vectorize <<<"${core[*]}") == "$needed" ]]

read -ra flags < <(pkg-config --cflags --libs registry-actors)
"$compiler" -std=c++20 -O2 "$here/main.cpp" -o "$folder/consumer" "${flags[@]}"
folders=$(pkg-config --libs-only-L registry-actors | sed 's/ *-L/:/g; s/ *$//')
LD_LIBRARY_PATH=$folders${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} "$folder/consumer" | tee "$folder/output"
grep --quiet 'ann is of age' "$folder/output"
