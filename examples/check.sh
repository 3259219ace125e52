#!/usr/bin/env bash
# check.sh PROGRAM EXPECTED [SIGNAL | any-order]: the program ends well, and prints the content of the file EXPECTED, apart from the
# log. It is sent the signal, if there is one, as soon as it has printed a line. Lines of actors that run at the same time may come in
# any order.
set -euo pipefail

ordered() { if [[ $order == any ]]; then sort; else cat; fi; }
order=given signal=${3:-}
if [[ $signal == any-order ]]; then
  order=any signal=''
fi

folder=$(mktemp --directory)
trap 'rm -r "$folder"' EXIT
mkfifo "$folder/output"
"$1" >"$folder/output" &
program=$!
{
  if [[ -n $signal ]]; then
    read -r line
    printf '%s\n' "$line"
    kill -s "$signal" "$program"
  fi
  cat
} <"$folder/output" >"$folder/printed"
status=0
wait "$program" || status=$?
diff <(ordered <"$2") <(grep --invert-match '^\[[0-9-]* [0-9:.]*\] \[' "$folder/printed" | ordered)
if ((status != 0)); then
  printf 'the program ended with status %s\n' "$status"
  exit 1
fi
