#!/usr/bin/env bash
# printers.sh PROGRAM PRINTERS EXPECTED [OPTION…]: gdb, with these options, prints what stands in the file EXPECTED when it
# has been given the printers. PROGRAM stops in a function `stop_here`, with what is to be printed in the function that
# called it.
set -euo pipefail

program=$1 printers=$2 expected=$3
options=("${@:4}")
names=(null yes integer smallest real whole short_text longest_inside long_text odd_text huge_text short_bytes long_bytes empty_list
  list long_list empty_map map deep nobody somebody actor entry id run plain told '*pointer')

commands=(-ex "source $printers" -ex "source $printers" -ex 'break stop_here' -ex run -ex up)
for name in "${names[@]}"; do
  commands+=(-ex "printf \"%s\", \"$name\\n\"" -ex "print $name")
done
# What else is there of the program's own, such as the place where it stops, is of no interest.
printed=$(LC_ALL=C.UTF-8 gdb -batch -nx -iex 'set debuginfod enabled off' -iex 'set width 0' \
  -iex 'set print elements 50' "${options[@]}" "${commands[@]}" "$program" 2>&1 </dev/null) || true
diff "$expected" <(sed -n '/^null$/,$p' <<<"$printed" | sed 's/^\$[0-9]* = /  /' | grep --invert-match '^\[Inferior') || {
  printf 'gdb said:\n%s\n' "$printed"
  exit 1
}
