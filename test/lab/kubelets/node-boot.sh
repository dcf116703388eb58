#!/bin/sh
# The boot of a node: as the init of its namespaces it makes what a kernel and systemd would, then keeps containerd and kubelet running.
# usage: node-boot.sh ROOT NAME ADDRESS GATEWAY BINARIES IMAGES KUBELET-FLAG...
set -eu
root=$1 name=$2 address=$3 gateway=$4 binaries=$5 images=$6
shift 6

# The old /proc still tells the process id by which the lab knows this shell.
read -r pid _ </proc/self/stat
echo "pid $pid"

# The root's own programs before the machine's.
mount --bind "$root" "$root"
cd "$root"
mount -t overlay -o lowerdir=usr:/usr overlay usr
for directory in "$binaries" "$images"; do
  mkdir -p "opt/lab/${directory##*/}"
  mount --bind "$directory" "opt/lab/${directory##*/}"
  mount -o remount,bind,ro "opt/lab/${directory##*/}"
done

# A file system of its own, as on every host: a mount of the root that is read-only leaves it writable.
mount --bind run run

# What is written by services and not by the lab goes with the boot.
for directory in tmp run/containerd run/cni var/lib/cni; do
  mkdir -p "$directory"
  mount -t tmpfs tmpfs "$directory"
done

mount -t sysfs sysfs sys
mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
while IFS=: read -r _ controllers _; do
  [ -n "$controllers" ] || continue
  hierarchy=sys/fs/cgroup/${controllers#name=}
  mkdir "$hierarchy"
  case $controllers in name=*) controllers=none,$controllers ;; esac
  mount -t cgroup -o "$controllers" cgroup "$hierarchy"
done </proc/self/cgroup

mount -t tmpfs -o mode=755 tmpfs dev
mkdir dev/pts dev/shm
for device in null zero full random urandom tty kmsg; do
  : >"dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd

# The kernel is not the node's own: nothing of it may be set but the network, what kubelet would set reads as if it were so, and the boot has an id.
cp proc/sys/kernel/random/boot_id etc/lab/boot_id
echo 1 >etc/lab/one
echo 10 >etc/lab/ten
mount -t proc proc proc
echo "$name" >proc/sys/kernel/hostname
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount --bind proc/sys/net proc/sys/net
mount -o remount,bind,rw proc/sys/net
mount --bind etc/lab/boot_id proc/sys/kernel/random/boot_id
mount --bind etc/lab/one proc/sys/vm/overcommit_memory
mount --bind etc/lab/one proc/sys/kernel/panic_on_oops
mount --bind etc/lab/ten proc/sys/kernel/panic

pivot_root . mnt
umount -l /mnt
mount --make-rshared /

ip link set lo up
until ip link set eth0 up 2>/dev/null; do sleep 0.02; done
ip addr add "$address/24" dev eth0
ip route add default via "$gateway"
echo 1 >/proc/sys/net/ipv4/ip_forward

export PATH=/usr/sbin:/usr/bin HOME=/root TMPDIR=/tmp
keep() {
  log=/var/log/$1.log
  shift
  while :; do
    "$@" >>"$log" 2>&1
    sleep 1
  done
}
set +e
keep containerd containerd --config /etc/lab/containerd.toml &
until ctr version >/dev/null 2>&1; do sleep 0.05; done
if [ ! -e /var/lib/lab-images ]; then
  for archive in "/opt/lab/${images##*/}"/*.tar; do ctr --namespace k8s.io images import "$archive" || exit 1; done
  : >/var/lib/lab-images
fi
keep kubelet "/opt/lab/${binaries##*/}/kubelet" "$@" &
echo started
# The init of a machine collects whatever process has lost its parent.
while :; do wait; done
