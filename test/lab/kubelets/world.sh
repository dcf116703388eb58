#!/bin/sh
# The init of a world: makes its network, runs a command, and takes every process of the world with it when that ends.
# usage: world.sh DIRECTORY BRIDGE GATEWAY ADDRESS COMMAND...
set -eu
directory=$1 bridge=$2 gateway=$3 address=$4
shift 4

# The old /proc still tells the process id by which the launcher knows this shell.
read -r pid _ </proc/self/stat
echo "$pid" >"$directory/init.pid"
mount -t proc proc /proc

ip link set lo up
ip link add "$bridge" type bridge
ip addr add "$gateway/24" dev "$bridge"
ip addr add "$address/32" dev "$bridge"
ip link set "$bridge" up
echo 1 >/proc/sys/net/ipv4/ip_forward

"$@" &
command=$!
trap 'kill -TERM "$command"' TERM INT HUP
# A signal ends a wait, not the command.
while :; do
  code=0
  wait "$command" || code=$?
  kill -0 "$command" 2>/dev/null || exit "$code"
done
