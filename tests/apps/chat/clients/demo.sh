#!/usr/bin/env bash
# The demo talks over three servers, one of which dies and comes back; it welcomes a visitor on any of them, ends by itself or at
# Ctrl-C, and leaves no process behind however it ends: usage demo.sh <path of chat_demo>.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need timeout pgrep
demo=$chat

# all_gone <process>…: whether none of them is left.
all_gone() {
  local each
  for each in "$@"; do
    [[ ! -e /proc/$each ]] || return 1
  done
}

# start_demo <pace>
start_demo() {
  : >"$work/chat.log" # at once, and not when the demo has begun: what an earlier one has said does not count
  "$demo" --port 0 --pace "$1" </dev/null >"$work/chat.log" 2>&1 &
  server=$!
  children+=("$server")
  await "the demo talks" grep -q '<ann>' "$work/chat.log"
  await "the demo has three servers" has_three_servers
}

# has_three_servers: but for the moments when one of them has been killed.
has_three_servers() {
  mapfile -t servers < <(pgrep -P "$server")
  ((${#servers[@]} == 3))
}

"$demo" --port 0 --seconds 1 </dev/null >"$work/short.log" 2>&1 &
server=$!
children+=("$server")
await "the demo ends by itself" grep -qF -- 'The demo ends.' "$work/short.log"
wait "$server"

start_demo 200 # slow enough for a server to be back before it is killed again
for text in 'irssi -c 127.0.0.1 -p ' '# two.demo' '/join #lobby' '<ann> Good morning, bob!' '<- bob quits (Quit: See?)' \
  '== kill -9: the server three.demo is dead' '<- cleo quits (one.demo three.demo)' '== the server three.demo is started again'; do
  await "the demo shows: $text" grep -qF -- "$text" "$work/chat.log"
done
comes_back() { sed -n '/is started again/,$p' "$work/chat.log" | grep -qF -- '-> cleo joins'; }
await "the demo shows: cleo joins again" comes_back

mapfile -t ports < <(sed -n 's/.*irssi -c 127\.0\.0\.1 -p \([0-9]*\) .*/\1/p' "$work/chat.log")
if timeout 60 "$demo" --port "${ports[0]}" --seconds 1 </dev/null >"$work/second.log" 2>&1; then
  echo "FAILED: two demos on one port" >&2
  exit 1
fi
await "a taken port is reported" grep -q "cannot listen on 127.0.0.1:${ports[0]}.*in use" "$work/second.log"

for i in 0 1; do
  exec 3<>"/dev/tcp/127.0.0.1/${ports[i]}"
  printf 'NICK visitor%s\r\nUSER visitor 0 * :V\r\nJOIN #lobby\r\n' "$i" >&3
  await "the visitor of server $i is seen" grep -q "visitor$i joins" "$work/chat.log"
  await "the visitor of server $i is welcome" timeout 60 grep -q -m 1 "Welcome, visitor$i!" <&3
  exec 3>&-
  await "the visitor of server $i is seen to go" grep -q "visitor$i quits" "$work/chat.log"
done
await "there are three servers" has_three_servers
end_server
await "no server is left after Ctrl-C" all_gone "${servers[@]}"

start_demo 50
kill -KILL "$server"
await "no server is left after kill -9" all_gone "${servers[@]}"
