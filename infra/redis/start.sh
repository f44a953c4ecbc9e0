#!/bin/sh
# Starts the Redis of infra/compose.yaml: one user for each service, as the chart has them (users.acl is the one list of rights).
# The passwords come from the environment, REDIS_<USER>_PASSWORD, so that no command line shows one. A user without one cannot log in.
#   FILES       folder with users.acl and users.sh (default /almanac)
#   MAXMEMORY   what Redis may use, e.g. 512mb; a write beyond it is refused, and no data is dropped
# Arguments go to redis-server.
set -eu
umask 077
: "${MAXMEMORY:?MAXMEMORY is not set: name the memory that Redis may use, such as 512mb}"
work=$(mktemp -d)
mkdir "$work/passwords"
for user in ingest query jobs renderer worker backup admin; do
  name=REDIS_$(printf %s "$user" | tr '[:lower:]' '[:upper:]')_PASSWORD
  eval "password=\${$name:-}"
  if [ -n "$password" ]; then printf %s "$password" >"$work/passwords/$user-password"; fi
  unset "$name"
done
ACL=${FILES:-/almanac}/users.acl PASSWORDS=$work/passwords OUT=$work/users.acl sh "${FILES:-/almanac}/users.sh"
rm -r "$work/passwords"
# Every second to disk. users.acl has hashes alone.
exec redis-server --aclfile "$work/users.acl" --appendonly yes --appendfsync everysec --save "" \
  --maxmemory "$MAXMEMORY" --maxmemory-policy noeviction "$@"
