#!/bin/sh
# Writes one verified backup of the store: almanac-<UTC time>.rdb, its .sha256 and a .json with its metadata.
# The .rdb is renamed into place last, so a file of that name is always complete and always has the other two.
#   REDIS_HOST, REDIS_PORT or REDIS_SOCKET   address of the store (default 127.0.0.1 6379)
#   REDIS_TLS_CA                             file with the certificate authority of the store; enables TLS
#   REDIS_USER, REDISCLI_AUTH                user (`backup` of users.acl) and password; if unset, no login
#   BACKUP_DIR                               folder for the files
#   KEEP                                     number of backups to keep (default 14)
set -eu
umask 077
: "${BACKUP_DIR:?BACKUP_DIR is not set: name the folder for the backups}"
keep=${KEEP:-14}
case $keep in '' | *[!0-9]* | 0) echo "KEEP is '$keep': it must be an integer of at least 1" >&2; exit 2 ;; esac

store() {
  if [ -n "${REDIS_SOCKET:-}" ]; then set -- -s "$REDIS_SOCKET" "$@"; else set -- -h "${REDIS_HOST:-127.0.0.1}" -p "${REDIS_PORT:-6379}" "$@"; fi
  if [ -n "${REDIS_TLS_CA:-}" ]; then set -- --tls --cacert "$REDIS_TLS_CA" "$@"; fi
  if [ -n "${REDIS_USER:-}" ]; then set -- --user "$REDIS_USER" "$@"; fi
  "${REDIS_CLI:-redis-cli}" "$@"
}
sha256_of() { if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1; }

mkdir -p "$BACKUP_DIR"
cd "$BACKUP_DIR"
# Delete files of killed runs. They must be a day old, so that a concurrent run keeps its files.
find . -maxdepth 1 -name '.partial-*' -mmin +1440 -exec rm -f {} +

name=almanac-$(date -u +%Y%m%dT%H%M%SZ)
while [ -e "$name.rdb" ]; do sleep 1; name=almanac-$(date -u +%Y%m%dT%H%M%SZ); done
partial=.partial-$name-$$
trap 'rm -f "$partial" "$partial.check" "$partial.sha256" "$partial.json"' EXIT
trap 'exit 143' INT TERM

server=$(store INFO server | tr -d '\r')
version=$(echo "$server" | sed -n 's/^redis_version://p')
[ -n "$version" ] || { echo "the store returned no version: ${server:-no response}" >&2; exit 1; }
databases=$(store INFO keyspace | tr -d '\r' | sed -n 's/^db\([0-9]*\):keys=\([0-9]*\).*/"\1":\2/p' | paste -sd , -)
store --rdb "$partial" >&2
"${REDIS_CHECK_RDB:-redis-check-rdb}" "$partial" >"$partial.check" 2>&1 || { cat "$partial.check" >&2; echo "the backup is not a valid RDB file and was deleted" >&2; exit 1; }
keys=$(sed -n 's/.*\[info\] \([0-9]*\) keys read.*/\1/p' "$partial.check")
bytes=$(wc -c <"$partial" | tr -d ' ')
sum=$(sha256_of "$partial")
printf '%s  %s\n' "$sum" "$name.rdb" >"$partial.sha256"
printf '{"file":"%s","time":"%s","server":"%s","bytes":%s,"sha256":"%s","keys":%s,"databases":{%s}}\n' \
  "$name.rdb" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$version" "$bytes" "$sum" "${keys:-null}" "$databases" >"$partial.json"
sync
mv "$partial.sha256" "$name.rdb.sha256"
mv "$partial.json" "$name.json"
mv "$partial" "$name.rdb"
cat "$name.json"

# Delete the oldest backups. Their names sort by time.
for old in $(ls -1 | grep '^almanac-[0-9TZ]*\.rdb$' | sort -r | tail -n "+$((keep + 1))"); do
  rm -f "$old" "$old.sha256" "${old%.rdb}.json"
done
