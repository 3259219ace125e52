#!/usr/bin/env bash
# drain_test.sh PROGRAM: starts it, ends it with SIGTERM when it serves, and compares what it prints.
set -euo pipefail

coproc program { exec "$1"; }
# shellcheck disable=SC2154 # coproc assigns it
pid=$program_PID
read -r serving <&"${program[0]}"
kill -TERM "$pid"
rest=$(cat <&"${program[0]}")
wait "$pid"
diff <(printf '%s\n' "$serving" "$rest") <(printf '%s\n' 'serving; end with SIGTERM or Ctrl-C' 'signal 15, leaving' 'left')
