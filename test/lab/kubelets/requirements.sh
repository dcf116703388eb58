#!/bin/sh
# What a kernel has to allow for real nodes, tried in namespaces that end with this shell.
# usage: requirements.sh EMPTY-DIRECTORY
set -eu
mount --make-rprivate /
mount -t proc proc /proc
cd "$1"
mkdir upper work overlay cgroup
mount -t overlay -o lowerdir=/usr,upperdir=upper,workdir=work overlay overlay
mount -t cgroup -o memory cgroup cgroup
ip link add lab0 type bridge
ip link add lab1 type veth peer name lab2
ip link set lab1 master lab0
