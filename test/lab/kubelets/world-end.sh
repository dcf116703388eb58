#!/bin/sh
# The end of a world: waits for the end of its standard input, which comes however the launcher ends, and removes what the world leaves.
# usage: world-end.sh DIRECTORY CGROUP...
directory=$1
shift
cat >/dev/null

# The kernel is killing the world's processes: their cgroups can be removed when the last is gone.
for _ in $(seq 100); do
  left=
  for cgroup in "$@"; do
    find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null
    [ -d "$cgroup" ] && left=yes
  done
  rm -rf --one-file-system "$directory" 2>/dev/null
  [ -z "$left" ] && [ ! -e "$directory" ] && exit 0
  sleep 0.1
done
exit 1
