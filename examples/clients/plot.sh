#!/usr/bin/env bash
# A client in bash and curl: loads a file, queries it, draws a plot and saves it. Usage: plot.sh FILE [PICTURE]
set -euo pipefail
API=${API:-http://localhost:5000}
file=${1:?usage: plot.sh FILE [PICTURE]}
picture=${2:-plot.png}

curl() { command curl -sSf ${ALMANAC_WRITE_TOKEN:+--oauth2-bearer "$ALMANAC_WRITE_TOKEN"} "$@"; }

curl -o /dev/null -T "$file" "$API/v1/datasets/landings"
echo "records from 1950 on:"
curl -g "$API/v1/datasets/landings/records?year[gte]=1950&fields=name,year" -H 'Accept: text/csv'

# Prefer: wait=20 returns when the job ends, after 20 seconds at the latest.
job=$(curl -H 'Prefer: wait=20' -H 'Content-Type: application/json' "$API/v1/jobs" \
  -d '{"process":"plot","inputs":{"dataset":"landings","type":"bar","x":"recclass"},"outputs":["png"]}')
id=$(grep -o '"id":"[^"]*"' <<<"$job" | sed -n 1p | cut -d '"' -f 4)
curl -o "$picture" "$API/v1/jobs/$id/results/png"
echo "saved $picture"
