#!/usr/bin/env bash
# Kills, freezes, fills and cuts the power under load, and compares what clients were told, what the remote got and what the database
# says: a table, and artifacts/faults/latest.json. Options go to the program, such as --seeds=20, --scenarios=power-cut,disk-full,
# --seed=7 (only this one) or --mutants; MAILPACE_SHORT=1 runs each scenario once, and one mutant. The last line is "N passed, N failed, N skipped".
set -euo pipefail
cd "$(dirname "$0")/.."
tools/setup.sh --tests
dotnet build host/mailpace.csproj -c Release --nologo -v quiet
dotnet build tests/faults/MailPace.Faults.csproj -c Release --nologo -v quiet
program=(artifacts/bin/MailPace.Faults/release/MailPace.Faults ${MAILPACE_SHORT:+--short} "$@")
# Its mounts live in a name space of their own, and go with it however it ends.
if [ "$(id -u)" = 0 ] && unshare --mount --propagation private true 2>/dev/null; then
    exec unshare --mount --propagation private "${program[@]}"
fi
exec "${program[@]}"
