#!/usr/bin/env bash
# Installs what the tests need, builds, runs every test. The last line is "N passed, N failed, N skipped".
set -euo pipefail
cd "$(dirname "$0")/.."

echo "== what the tests need"
tools/setup.sh --tests
[ ! -x tests/clients/setup.sh ] || tests/clients/setup.sh
echo "== build"
dotnet build MailPace.sln -c Release
echo "== test"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
# One assembly after the other: they start servers of their own.
dotnet test --solution MailPace.sln -c Release --no-build --max-parallel-test-modules 1 2>&1 | tee "$log" || status=$?

count() { grep -E "^ +$1: [0-9]+" "$log" | tail -n 1 | grep -oE '[0-9]+' || echo 0; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then
    failed=1 # the run itself broke
fi
if [ "$passed" = 0 ]; then
    echo "No test ran." >&2
    failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
