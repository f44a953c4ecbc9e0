#!/bin/sh
# Puts a backup where the store will load it, before the store starts. A dump.rdb would be ignored with `appendonly yes`, so the file
# becomes the base of an append-only directory. What was there is moved aside, never deleted.
#   FILE       the .rdb, its .sha256 beside it
#   DATA_DIR   the store's folder; the store must not be running
#   AGAIN      any text. The file that was restored last is restored once more only where this text is another one than then:
#              a pod that starts anew must not lose what came since. DATA_DIR/.restored has both
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
    echo "$name was the last to be restored here ($marker); nothing to do"
    exit 0
  fi
fi
[ -r "$FILE" ] || fail "$FILE is not there or cannot be read. There are: $(ls -1 "$(dirname "$FILE")" 2>/dev/null | grep '\.rdb$' | paste -sd ' ' -)"
[ -r "$FILE.sha256" ] || fail "$FILE.sha256 is not there. If the file is trusted: sha256sum $(basename "$FILE") > $(basename "$FILE").sha256"
# What was there stays, so the file needs room of its own.
needed=$(($(wc -c <"$FILE") / 1024 + 16384))
free=$(df -Pk "$DATA_DIR" | awk 'NR == 2 { print $4 }')
[ "$free" -ge "$needed" ] || fail "$DATA_DIR has $free KiB free, $name needs $needed. Make room (what earlier restores moved aside is in before-restore-* there)"
wanted=$(cut -d ' ' -f 1 "$FILE.sha256")
sum=$(sha256_of "$FILE")
[ "$sum" = "$wanted" ] || fail "$FILE has the sha256 $sum, its .sha256 file says $wanted"
checked=$("${REDIS_CHECK_RDB:-redis-check-rdb}" "$FILE" 2>&1) || fail "$FILE is not a sound RDB file for this server: $checked"

# Built beside and renamed into place: whoever is stopped halfway starts over and loses nothing.
seed=$DATA_DIR/.restoring
rm -rf "$seed"
mkdir -p "$seed"
server=$("${REDIS_SERVER:-redis-server}" --version 2>/dev/null || true)
case $server in
  'Redis server v=6.'*) target=appendonly.aof; cp "$FILE" "$seed/$target" ;; # one file, and an RDB may be its head
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
[ -d "$aside" ] && echo "what was there is in $aside"
echo "$name is in place: the store loads it when it starts"
