#!/usr/bin/env bash
# check.sh PROGRAM EXPECTED [SIGNAL]: the program ends well, and prints what stands in the file EXPECTED, apart from the log. It is sent
# the signal, if there is one, as soon as it has printed a line.
set -euo pipefail

folder=$(mktemp --directory)
trap 'rm -r "$folder"' EXIT
mkfifo "$folder/output"
"$1" >"$folder/output" &
program=$!
{
  if [[ -n ${3:-} ]]; then
    read -r line
    printf '%s\n' "$line"
    kill -s "$3" "$program"
  fi
  cat
} <"$folder/output" >"$folder/printed"
status=0
wait "$program" || status=$?
diff "$2" <(grep --invert-match '^\[[0-9-]* [0-9:.]*\] \[' "$folder/printed")
if ((status != 0)); then
  printf 'the program ended with status %s\n' "$status"
  exit 1
fi
