# shellcheck shell=bash
# Which TCP ports are taken, and by whom, read from /proc: a bare machine has neither ss nor lsof.

# The inodes of the sockets that would stop us from listening on <host> <port>.
port_inodes() {
  local host=$1 port address
  port=$(printf '%04X' "$2")
  case $host in
    *[!0-9.]* | 0.0.0.0) address='[0-9A-F]+' ;;
    *)
      # /proc/net/tcp has an IPv4 address as one little-endian number.
      local a b c d
      IFS=. read -r a b c d <<<"$host"
      address=$(printf '%02X%02X%02X%02X' "$d" "$c" "$b" "$a")
      address="($address|00000000|0{32}|0{20}FFFF0000$address)"
      ;;
  esac
  # 0A is LISTEN.
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
    awk -v at="^$address:$port\$" '$4 == "0A" && $2 ~ at { print $10 }'
}

# "<pid> <command>" for the first process that listens there, or nothing when it is not ours to see.
port_owner() {
  local inode descriptor pid
  for inode in $(port_inodes "$1" "$2"); do
    for descriptor in /proc/[0-9]*/fd/*; do
      if [ "$(readlink "$descriptor" 2>/dev/null)" = "socket:[$inode]" ]; then
        pid=${descriptor#/proc/}
        pid=${pid%%/*}
        say "$pid $(cat "/proc/$pid/comm")"
        return
      fi
    done
  done
}

# need_port <host> <port> <what for> <how to choose another>
need_port() {
  local owner
  [ -n "$(port_inodes "$1" "$2")" ] || return 0
  owner=$(port_owner "$1" "$2")
  if [ -n "$owner" ]; then
    owner="process ${owner%% *} (${owner#* }) listens on it"
  else
    owner="a process of another user listens on it"
  fi
  die "Port $2 on $1, which $3 needs, is taken: $owner. Stop that process, or choose another port: $4"
}

# Below the range that the kernel hands out for outgoing connections.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    [ -n "$(port_inodes 127.0.0.1 "$port")" ] || break
  done
  say "$port"
}
