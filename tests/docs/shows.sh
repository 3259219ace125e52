#!/usr/bin/env bash
# shows.sh DOCUMENT FILE…: each of these files is, as a whole, a block of code of the document.
set -euo pipefail

document=$'\n'$(<"$1")$'\n'
status=0
for file in "${@:2}"; do
  if [[ $document != *$'\n```'*$'\n'"$(<"$file")"$'\n```\n'* ]]; then
    printf '%s: no block of code is %s\n' "$1" "$file" >&2
    status=1
  fi
done
exit "$status"
