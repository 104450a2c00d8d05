#!/usr/bin/env bash
# Stops the local platform; what it holds stays.
set -euo pipefail
# shellcheck source=tools/local.sh
. "$(dirname "$0")/local.sh"
lock_local
stop_all
say "MailPace is stopped. Its data is kept in .local; make reset forgets it."
