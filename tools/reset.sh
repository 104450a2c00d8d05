#!/usr/bin/env bash
# Stops the local platform and forgets its data, ports and secrets. The programs it fetched and your settings stay.
set -euo pipefail
# shellcheck source=tools/local.sh
. "$(dirname "$0")/local.sh"
lock_local
stop_all
rm -rf "$(postgres_home)"
find "$local" -mindepth 1 -maxdepth 1 ! -name bin ! -name settings.env ! -name run -exec rm -rf {} +
say "Forgotten. make up starts afresh."
