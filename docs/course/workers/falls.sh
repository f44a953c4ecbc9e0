#!/usr/bin/env bash
# A worker of your own in bash and curl: the heaviest fall of the records a job is about. Needs curl, sort and grep.
set -eu
API=${API:-http://localhost:5000}
curl() { command curl -sSf ${ALMANAC_WRITE_TOKEN:+--oauth2-bearer "$ALMANAC_WRITE_TOKEN"} "$@"; } # where the public door asks for one
json() { grep -o "\"$1\":\"[^\"]*\"" | head -1 | cut -d '"' -f 4; } # the first member of that name that is a text

curl -o /dev/null -X PUT "$API/v1/processes/heaviest" -H 'Content-Type: application/json' \
  -d '{"version":"1","title":"The heaviest fall","leaseSeconds":10,"outputs":{"csv":{"mediaType":"text/csv"}}}'
echo waiting for jobs

while true; do
  job=$(curl -X POST "$API/v1/processes/heaviest/take?wait=30") || { sleep 1; continue; }
  [ -n "$job" ] || continue
  id=$(json id <<<"$job") held="Worker-Token: $(json token <<<"$job")" csv=$(json csv <<<"$job")
  echo "took $id"
  if curl "$(grep -o '^[a-z]*://[^/]*' <<<"$API")$csv&fields=name,mass%20(g)" | tail -n +2 | sort -t, -k2 -g -r | head -1 >"/tmp/$id.csv"; then
    curl -T "/tmp/$id.csv" -H "$held" -H 'Content-Type: text/csv' "$API/v1/jobs/$id/results/csv"
    curl -o /dev/null -X POST -H "$held" "$API/v1/jobs/$id/finish"
  else
    curl -o /dev/null -X POST -H "$held" "$API/v1/jobs/$id/fail" -H 'Content-Type: application/json' -d '{"message":"no records","retry":true}'
  fi
  rm -f "/tmp/$id.csv"
done
