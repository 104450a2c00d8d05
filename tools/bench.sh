#!/usr/bin/env bash
# Measures MailPace, Postfix and Haraka on this machine, in one run: a table, and artifacts/bench/latest.json. Options go to the program,
# such as --runs=5 or --scenarios=end-to-end; MAILPACE_SHORT=1 shows in a minute that everything works, its figures mean little.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/setup.sh --tests
dotnet publish host/mailpace.csproj -c Release --nologo -v quiet
dotnet build tests/bench/MailPace.Bench.csproj -c Release --nologo -v quiet
export MAILPACE_PROGRAM=$PWD/artifacts/publish/mailpace/release/mailpace
exec artifacts/bin/MailPace.Bench/release/MailPace.Bench ${MAILPACE_SHORT:+--short} "$@"
