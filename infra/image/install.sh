#!/bin/sh
# Installs the packages of FOLDER/packages (collect.ts) into the current folder and writes the SBOM: sh install.sh APP
set -e
npm ci --workspace "apps/$1" --omit=dev --ignore-scripts --prefer-offline --no-update-notifier --fetch-retries=2
npm sbom --sbom-format cyclonedx --workspace "apps/$1" --omit=dev > npm-sbom.json
node "$(dirname "$0")/sbom.ts" "$1" < npm-sbom.json > sbom.cdx.json
rm -f npm-sbom.json package-lock.json .npmrc
