#!/bin/sh
# Puts a backup where the store loads it at its next start. With `appendonly yes`, Redis ignores a dump.rdb, so the file becomes the
# base of an append-only directory. The previous data is moved aside and never deleted.
#   FILE       the .rdb file, with its .sha256 in the same folder
#   DATA_DIR   the data folder of the store, which must not be running
#   AGAIN      any string. The file of the last restore is restored again only if this string differs from that of the last restore,
#              because a pod that restarts must keep later writes. DATA_DIR/.restored records both
set -eu
umask 077
: "${FILE:?FILE is not set: name the .rdb to restore}"
: "${DATA_DIR:?DATA_DIR is not set: name the folder of the store}"
fail() { echo "not restored: $1" >&2; exit 1; }
sha256_of() { if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1; }

name=$(basename "$FILE")
marker=$DATA_DIR/.restored
if [ -e "$marker" ] && [ "$(sed -n 1p "$marker")" = "$name" ]; then
  if [ -z "${AGAIN:-}" ] || [ "$(sed -n 2p "$marker")" = "$AGAIN" ]; then
    echo "$name was already restored ($marker); nothing to do"
    exit 0
  fi
fi
[ -r "$FILE" ] || fail "$FILE does not exist or is not readable. The folder has: $(ls -1 "$(dirname "$FILE")" 2>/dev/null | grep '\.rdb$' | paste -sd ' ' -)"
[ -r "$FILE.sha256" ] || fail "$FILE.sha256 does not exist or is not readable. If you trust the file: sha256sum $(basename "$FILE") > $(basename "$FILE").sha256"
# The previous data stays on the volume, so the file needs additional space.
needed=$(($(wc -c <"$FILE") / 1024 + 16384))
free=$(df -Pk "$DATA_DIR" | awk 'NR == 2 { print $4 }')
[ "$free" -ge "$needed" ] || fail "$DATA_DIR has $free KiB free, $name needs $needed. Make room: earlier restores moved data to before-restore-* in that folder"
wanted=$(cut -d ' ' -f 1 "$FILE.sha256")
sum=$(sha256_of "$FILE")
[ "$sum" = "$wanted" ] || fail "$FILE has the sha256 $sum, but its .sha256 file has $wanted"
checked=$("${REDIS_CHECK_RDB:-redis-check-rdb}" "$FILE" 2>&1) || fail "$FILE is not a valid RDB file for this server: $checked"

# Build in a temporary folder, then rename: an interrupted restore can start again and loses nothing.
seed=$DATA_DIR/.restoring
rm -rf "$seed"
mkdir -p "$seed"
server=$("${REDIS_SERVER:-redis-server}" --version 2>/dev/null || true)
case $server in
  'Redis server v=6.'*) target=appendonly.aof; cp "$FILE" "$seed/$target" ;; # Redis 6 has one append-only file, which can start with an RDB
  *)
    target=appendonlydir
    mkdir "$seed/$target"
    cp "$FILE" "$seed/$target/appendonly.aof.1.base.rdb"
    printf 'file appendonly.aof.1.base.rdb seq 1 type b\n' >"$seed/$target/appendonly.aof.manifest"
    ;;
esac
sync

aside=$DATA_DIR/before-restore-$(date -u +%Y%m%dT%H%M%SZ)-$$
for old in appendonlydir appendonly.aof dump.rdb; do
  [ -e "$DATA_DIR/$old" ] || continue
  mkdir -p "$aside"
  mv "$DATA_DIR/$old" "$aside/$old"
done
mv "$seed/$target" "$DATA_DIR/$target"
rmdir "$seed"
printf '%s\n' "$name" "${AGAIN:-}" "$sum" >"$marker"
sync
[ -d "$aside" ] && echo "the previous data is in $aside"
echo "$name is in place: the store loads it when it starts"
