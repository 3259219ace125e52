# shellcheck shell=bash
# What the tests with real clients share. To be sourced, with the path of the chat server in $1.

chat=$1
work=$(mktemp -d)
children=()

finish() {
  local status=$? child
  for child in "${children[@]}"; do
    kill "$child" 2>/dev/null || true
  done
  if ((status != 0 && status != 77)); then
    printf -- '--- %s\n' "what was written" >&2
    find "$work" -type f \( -name '*.log' -o -name out \) -print -exec cat {} \; >&2
  fi
  rm -rf "$work"
}
trap finish EXIT

# need <program>…: ends the test as skipped if one is not installed.
need() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null && continue
    echo "SKIPPED: $program is not installed; nothing was tested" >&2
    exit 77
  done
}

# await <what> <command>…: waits until the command succeeds, for a minute at least, and not for ever.
await() {
  local what=$1 tries
  shift
  for ((tries = 0; tries < 600; ++tries)); do
    if "$@" >/dev/null 2>&1; then
      echo "ok: $what"
      return
    fi
    sleep 0.1
  done
  echo "FAILED: $what" >&2
  exit 1
}

# shellcheck disable=SC2034 # for those who source this
# start_server: starts the server on a port of its own; sets $port and $server.
start_server() {
  "$chat" --config-file=/dev/null --chat.port=0 --chat.log=debug >"$work/chat.log" 2>&1 &
  server=$!
  children+=("$server")
  await "the server listens" grep -q 'listening on' "$work/chat.log"
  port=$(sed -n 's/.*listening on 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$work/chat.log")
}

# end_server: Ctrl-C must end the server without an error.
end_server() {
  kill -INT "$server"
  wait "$server" || {
    echo "FAILED: the server ended with status $?" >&2
    exit 1
  }
  echo "ok: the server has ended"
}
