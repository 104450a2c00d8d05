#!/usr/bin/env bash
# Stops the local platform; what it holds stays.
set -euo pipefail
# shellcheck source=tools/local.sh
. "$(dirname "$0")/local.sh"
stop_process mailpace "$mailpace" TERM 40
stop_process nats nats-server TERM 20
stop_process postgres postgres INT 30
say "MailPace is stopped. Its data is kept in .local; make reset forgets it."
