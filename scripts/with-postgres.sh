#!/usr/bin/env bash
# Runs a command beside a PostgreSQL cluster of its own, on this machine only, and leaves nothing of it behind.
#
#   scripts/with-postgres.sh COMMAND…
#
# The command finds the server at $SENIM_TEST_POSTGRES (postgres://senim@127.0.0.1:PORT/senim), the cluster's folder at
# $SENIM_TEST_POSTGRES_FOLDER and the account that runs it at $SENIM_TEST_POSTGRES_ACCOUNT, so that a test may kill it.
set -euo pipefail

fail() { printf 'with-postgres: %s\n' "$*" >&2; exit 1; }
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || fail "PostgreSQL is missing; install the Debian package postgresql-15"

# The server refuses to run as root: then the package's own account runs it.
as=()
account=$(id -un)
if [ "$(id -u)" -eq 0 ]; then
  account=postgres
  as=(runuser -u postgres --)
fi
# A place that this account can enter: a folder of root's own is none.
folder=
for base in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
  if (cd / && "${as[@]}" test -x "$base" -a -w "$base"); then
    folder=$(mktemp -d "$base/senim-postgres-XXXXXX")
    break
  fi
done
[ -n "$folder" ] || fail "no folder for temporary files that $account can use"
chmod 755 "$folder"
[ "$(id -u)" -ne 0 ] || chown postgres "$folder"
stop() {
  (cd / && "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1) || true
  rm -rf "$folder"
}
trap stop EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cd_run() { (cd / && "${as[@]}" "$@"); }
cd_run "$bin/initdb" -D "$folder/data" -U senim --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-instructions >/dev/null
cat >> "$folder/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
max_connections = 300
shared_buffers = 256MB
fsync = on
synchronous_commit = on
logging_collector = off
CONF
cd_run "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w start >/dev/null || { cat "$folder/log" >&2; fail "it did not start"; }
cd_run "$bin/createdb" -h 127.0.0.1 -p "$port" -U senim senim

export SENIM_TEST_POSTGRES="postgres://senim@127.0.0.1:$port/senim"
export SENIM_TEST_POSTGRES_FOLDER=$folder SENIM_TEST_POSTGRES_ACCOUNT=$account SENIM_TEST_POSTGRES_BIN=$bin
"$@"
