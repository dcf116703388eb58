#!/bin/sh
# The start of a node: joins the node's cgroups and makes the namespaces in which its boot goes on.
# usage: node-start.sh "CGROUP ..." BOOT-SCRIPT ARGUMENT...
set -eu
for cgroup in $1; do
  echo $$ >"$cgroup/cgroup.procs"
done
shift
exec unshare --mount --pid --net --uts --ipc --cgroup --propagation=private --fork --kill-child -- sh "$@"
