#!/usr/bin/env bash
# Installs Haraka, exactly as locked.
set -euo pipefail
cd "$(dirname "$0")"
[ -d node_modules ] && [ ! package-lock.json -nt node_modules ] && exit 0
npm ci --omit=optional --no-audit --no-fund --ignore-scripts --loglevel error
touch node_modules
