#!/usr/bin/env bash
# The demo talks, welcomes a visitor, and ends by itself or at Ctrl-C: usage demo.sh <path of chat_demo>.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need timeout
demo=$chat

timeout 60 "$demo" --port 0 --pace 20 --seconds 2 </dev/null >"$work/short.log" 2>&1
for text in 'irssi -c 127.0.0.1 -p ' '/join #lobby' '<ann> Good morning, bob!' '<- bob quits (Quit: See?)' 'The demo ends.'; do
  await "the demo shows: $text" grep -qF -- "$text" "$work/short.log"
done

"$demo" --port 0 --pace 50 </dev/null >"$work/chat.log" 2>&1 &
server=$!
children+=("$server")
await "the demo talks" grep -q '<ann>' "$work/chat.log"
port=$(sed -n 's/.*running on 127\.0\.0\.1:\([0-9]*\)\..*/\1/p' "$work/chat.log")

if timeout 60 "$demo" --port "$port" --seconds 1 </dev/null >"$work/second.log" 2>&1; then
  echo "FAILED: two demos on one port" >&2
  exit 1
fi
await "a taken port is reported" grep -q "cannot listen on 127.0.0.1:$port.*in use" "$work/second.log"

exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'NICK visitor\r\nUSER visitor 0 * :V\r\nJOIN #lobby\r\n' >&3
await "the visitor is seen" grep -q 'visitor joins' "$work/chat.log"
await "the visitor is welcome" timeout 10 grep -q -m 1 'Welcome, visitor!' <&3
exec 3>&-
await "the visitor is seen to go" grep -q 'visitor quits' "$work/chat.log"
end_server
