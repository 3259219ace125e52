#!/usr/bin/env bash
# Two users of irssi, a real IRC client, meet: usage irssi.sh <path of chat>. Exit status 77 says that irssi, or tmux, which
# lends it a terminal, is not installed.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need irssi tmux

terminal() { TMUX_TMPDIR=$work TERM=screen tmux -f /dev/null "$@"; }

close_terminal() {
  terminal kill-server 2>/dev/null || true
  finish
}
trap close_terminal EXIT

# connect <nick>
connect() {
  terminal new-session -d -s "$1" -x 120 -y 40 "irssi --home='$work/$1' -c 127.0.0.1 -p $port -n $1"
  await "$1 is welcome" shown "$1" 'Welcome to the'
}

# enter <nick> <line>: types a line.
enter() {
  terminal send-keys -t "$1" -l "$2"
  terminal send-keys -t "$1" Enter
}

# shown <nick> <regular expression>: whether it is on the screen.
shown() { terminal capture-pane -p -t "$1" | grep -q -- "$2"; }

start_server
connect ann
connect bob

enter ann '/join #lobby'
await "ann joins" shown ann 'Total of 1 nicks'
enter bob '/join #lobby'
await "bob sees who is there" shown bob 'Total of 2 nicks'
await "ann sees bob join" shown ann 'bob .* has joined #lobby'

enter ann 'hello bob'
await "bob hears ann" shown bob '< ann> hello bob'
enter bob 'hello ann'
await "ann hears bob" shown ann '< bob> hello ann'

enter ann '/topic all about actors'
await "bob sees the topic" shown bob 'changed the topic of #lobby to: all about actors'
enter bob '/nick rob'
await "ann sees bob change its name" shown ann 'bob is now known as rob'

enter ann '/clear'
enter ann '/names'
await "NAMES shows both" shown ann 'Total of 2 nicks'
enter bob '/quit gone fishing'
await "ann sees rob quit" shown ann 'rob .* has quit .*gone fishing'
enter ann '/clear'
enter ann '/names'
await "NAMES shows that rob has gone" shown ann 'Total of 1 nicks'

end_server
