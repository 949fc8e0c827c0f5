#!/usr/bin/env bash
# Runs a command with YUNCHOU_TEST_POSTGRES set to a throw-away PostgreSQL server on
# a free loopback port; the server and its data go when the command ends. A server
# that is already named in the environment is used as it is. It waits for no disk: it would have to
# survive the machine's power cut, not a killed program, and goes with the command either way.
set -euo pipefail
if [ -n "${YUNCHOU_TEST_POSTGRES:-}" ]; then exec "$@"; fi
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || command -v pg_ctl || echo /nonexistent/x)")
if [ ! -x "$bin/initdb" ]; then
  echo "PostgreSQL server programs not found. Install them: apt-get install -y postgresql" >&2
  exit 1
fi
dir=$(mktemp -d)
as=()
if [ "$(id -u)" = 0 ]; then # the server refuses to run as root
  chown nobody "$dir"
  as=(setpriv --reuid=nobody --regid=nogroup --clear-groups env "HOME=$dir")
fi
port=$(( 20000 + RANDOM % 20000 ))
while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
cleanup() { "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$dir"; }
trap cleanup EXIT
"${as[@]}" "$bin/initdb" -D "$dir/data" -U yunchou -A trust -E UTF8 --no-sync >/dev/null
"${as[@]}" "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" \
  -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c shared_buffers=256MB -c max_wal_size=2GB \
  -c fsync=off -c synchronous_commit=off -c full_page_writes=off" start >/dev/null
export YUNCHOU_TEST_POSTGRES="postgres://yunchou@127.0.0.1:$port/postgres?sslmode=disable"
"$@"
