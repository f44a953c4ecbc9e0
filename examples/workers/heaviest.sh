#!/usr/bin/env bash
# A worker in bash and curl: finds the heaviest fall among the records of a job. Needs curl, sort and grep.
set -euo pipefail
API=${API:-http://localhost:5000}

curl() { command curl -sSf ${ALMANAC_WRITE_TOKEN:+--oauth2-bearer "$ALMANAC_WRITE_TOKEN"} "$@"; }
# The first string member of that name in the JSON on standard input.
member() { grep -o "\"$1\":\"[^\"]*\"" | sed -n 1p | cut -d '"' -f 4; }
# The heaviest record of the CSV at an address, as name,mass.
heaviest() { curl "$1&fields=name,mass%20(g)" | tail -n +2 | sort -t, -k2 -g -r | sed -n 1p; }

curl -o /dev/null -X PUT "$API/v1/processes/heaviest" -H 'Content-Type: application/json' \
  -d '{"version":"1","title":"The heaviest fall","leaseSeconds":10,"outputs":{"csv":{"mediaType":"text/csv"}}}'
echo waiting for jobs
result=$(mktemp)
trap 'rm -f "$result"' EXIT

while true; do
  # A response without a body means that no job came in 30 seconds.
  job=$(curl -X POST "$API/v1/processes/heaviest/take?wait=30") || { sleep 1; continue; }
  [ -n "$job" ] || continue
  id=$(member id <<<"$job")
  header="Worker-Token: $(member token <<<"$job")"
  csv=$(member csv <<<"$job")
  echo "took $id"
  if heaviest "$(grep -o '^[a-z]*://[^/]*' <<<"$API")$csv" >"$result"; then
    curl -T "$result" -H "$header" -H 'Content-Type: text/csv' "$API/v1/jobs/$id/results/csv"
    curl -o /dev/null -X POST -H "$header" "$API/v1/jobs/$id/finish"
  else
    curl -o /dev/null -X POST -H "$header" -H 'Content-Type: application/json' "$API/v1/jobs/$id/fail" -d '{"message":"no records","retry":true}'
  fi
done
