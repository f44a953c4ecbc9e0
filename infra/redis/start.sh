#!/bin/sh
# Starts the Redis of infra/compose.yaml with one user for each service, as in the chart (users.acl lists their rights).
# The passwords come from the environment, REDIS_<USER>_PASSWORD, so that no command line contains one. A user without a password cannot log in.
#   FILES       folder with users.acl and users.sh (default /almanac)
#   MAXMEMORY   memory limit of the data, e.g. 512mb. Redis refuses writes beyond it and evicts no data
# The arguments are passed to redis-server.
set -eu
umask 077
: "${MAXMEMORY:?MAXMEMORY is not set: set the memory limit of Redis, such as 512mb}"
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
# Writes are synced to disk every second. This users.acl contains only hashes of passwords.
exec redis-server --aclfile "$work/users.acl" --appendonly yes --appendfsync everysec --save "" \
  --maxmemory "$MAXMEMORY" --maxmemory-policy noeviction "$@"
