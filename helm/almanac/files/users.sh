#!/bin/sh
# Writes the users file that Redis reads: users.acl without its comments, with a password hash in place of each PASSWORD.
# It omits a user without a password, who therefore cannot log in.
#   ACL         the list (users.acl)
#   PASSWORDS   folder with one file for each user: <user>-password
#   OUT         the file to write
set -eu
umask 077
: "${ACL:?ACL is not set: name users.acl}" "${PASSWORDS:?PASSWORDS is not set: name the folder of the passwords}" "${OUT:?OUT is not set: name the file to write}"
sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }

while IFS= read -r line; do
  case $line in '' | '#'*) continue ;; esac
  case $line in *' PASSWORD '*) ;; *) printf '%s\n' "$line"; continue ;; esac
  rest=${line#user }
  user=${rest%% *}
  file=$PASSWORDS/$user-password
  [ -s "$file" ] || continue
  password=$(cat "$file")
  case $password in
    *[!A-Za-z0-9._~-]*) echo "the password '$user-password' has a character that is not valid in a URL: use letters, digits and . _ ~ -" >&2; exit 1 ;;
  esac
  hash=$(printf %s "$password" | sha256)
  printf '%s\n' "${line%% PASSWORD *} #$hash ${line#* PASSWORD }"
done <"$ACL" >"$OUT.partial"
mv "$OUT.partial" "$OUT"
