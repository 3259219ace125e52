#!/usr/bin/env bash
# Two users of ii, a real IRC client, meet: usage ii.sh <path of chat>. Exit status 77 says that ii is not installed.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need ii timeout

# connect <nick>
connect() {
  ii -s 127.0.0.1 -p "$port" -n "$1" -f "The real $1" -i "$work/$1" >>"$work/ii.log" 2>&1 &
  children+=("$!")
  await "$1 is welcome" grep -q "Welcome to the .* network, $1!" "$work/$1/127.0.0.1/out"
}

# enter <nick> <line> [channel]: types a line into the window of the server or of a channel.
enter() {
  # The shell opens the pipe for writing, which takes for ever if the client is gone.
  # shellcheck disable=SC2016
  timeout 60 bash -c 'printf "%s\n" "$1" >"$2"' _ "$2" "$work/$1/127.0.0.1/${3:+$3/}in"
}

# shown <nick> <text> [channel]: whether the client shows it.
shown() { grep -qF -- "$2" "$work/$1/127.0.0.1/${3:+$3/}out"; }

start_server
connect ann
connect bob

enter ann '/j #lobby'
await "ann joins" shown ann 'ann(ann@127.0.0.1) has joined #lobby' '#lobby'
enter bob '/j #lobby'
await "bob sees who is there" shown bob '= #lobby ann bob'
await "ann sees bob join" shown ann 'bob(bob@127.0.0.1) has joined #lobby' '#lobby'

enter ann 'hello bob' '#lobby'
await "bob hears ann" shown bob '<ann> hello bob' '#lobby'
enter bob 'hello ann' '#lobby'
await "ann hears bob" shown ann '<bob> hello ann' '#lobby'

enter ann '/t all about actors' '#lobby'
await "bob sees the topic" shown bob 'all about actors' '#lobby'

enter ann '/names #lobby'
await "NAMES shows both" shown ann '= #lobby ann bob'
enter bob '/q gone fishing'
await "ann sees bob quit" shown ann 'bob(bob@127.0.0.1) has quit "Quit: gone fishing"'
enter ann '/names #lobby'
# The answer to the first question ends in bob, so this is the answer to the second.
await "NAMES shows that bob has gone" bash -c "tail -n 2 '$work/ann/127.0.0.1/out' | grep -q '= #lobby ann\$'"

end_server
