#!/usr/bin/env bash
# Checks that a document quotes what is there: quotes.sh <root of the repository> <document>. Each block of code, but for those of
# commands (```sh), stands below a line that is a link to its file, and is found in that file as it is.
set -euo pipefail

root=$1
document=$2
shown=${document#"$root"/}
link='^\[[^]]*\]\(\.\./([^)]*)\)$'
blocks=0
status=0

# complain <line> <what is wrong>
complain() {
  printf '%s:%s: %s\n' "$shown" "$1" "$2" >&2
  status=1
}

# check <line> <file> <block>
check() {
  local line=$1 file=$2 block=$3 first
  blocks=$((blocks + 1))
  if [[ -z $file ]]; then
    complain "$line" 'this block does not say what it quotes; put a line above it that is a link to the file'
  elif [[ ! -f $root/$file ]]; then
    complain "$line" "there is no file $file"
  elif [[ $'\n'$(<"$root/$file")$'\n' != *$'\n'"$block"$'\n'* ]]; then
    while IFS= read -r first && grep --quiet --fixed-strings --line-regexp -e "$first" "$root/$file"; do :; done <<<"$block"
    complain "$line" "this is not what $file says; the first line that is not in it: ${first:-none, but their order differs}"
  fi
}

number=0 start=0 file='' block='' inside=''
while IFS= read -r line || [[ -n $line ]]; do
  number=$((number + 1))
  if [[ -n $inside && $line == '```' ]]; then
    [[ $inside == sh ]] || check "$start" "$file" "${block%$'\n'}"
    inside='' block='' file=''
  elif [[ -n $inside ]]; then
    block+=$line$'\n'
  elif [[ $line == '```'* ]]; then
    inside=${line#'```'}
    inside=${inside:-text}
    start=$((number + 1))
  elif [[ $line =~ $link ]]; then
    file=${BASH_REMATCH[1]}
  elif [[ -n $line ]]; then
    file=''
  fi
done <"$document"

[[ -z $inside ]] || complain "$start" 'this block does not end'
((blocks > 0)) || complain 1 'there is nothing quoted'
exit "$status"
