#!/usr/bin/env bash
# Installs the Node.js clients, exactly as locked.
set -euo pipefail
cd "$(dirname "$0")/node"
[ -d node_modules ] && [ ! package-lock.json -nt node_modules ] && exit 0
npm ci --no-audit --no-fund --ignore-scripts --loglevel error
touch node_modules
