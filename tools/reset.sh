#!/usr/bin/env bash
# Stops the local platform and forgets its data, ports and secrets. The programs it fetched stay.
set -euo pipefail
# shellcheck source=tools/local.sh
. "$(dirname "$0")/local.sh"
tools/down.sh >/dev/null
find "$local" -mindepth 1 -maxdepth 1 ! -name bin -exec rm -rf {} +
say "Forgotten. make up starts afresh."
