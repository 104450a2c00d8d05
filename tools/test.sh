#!/usr/bin/env bash
# Installs what the tests need, builds, runs every test. The last line is "N passed, N failed, N skipped".
set -euo pipefail
cd "$(dirname "$0")/.."

finish() { # passed, failed, skipped
    echo "$1 passed, $2 failed, $3 skipped"
    [ "$2" = 0 ]
    exit
}

echo "== what the tests need"
tools/setup.sh --tests || finish 0 1 0
echo "== build"
dotnet build MailPace.sln -c Release || finish 0 1 0
echo "== test"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
# One assembly after the other: they start servers of their own.
dotnet test --solution MailPace.sln -c Release --no-build --max-parallel-test-modules 1 2>&1 | tee "$log" || status=$?

# The runner's own summary of all assemblies stands at the end.
count() { grep -E "^ +$1: [0-9]+" "$log" | tail -n 1 | grep -oE '[0-9]+' || echo 0; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then
    echo "The test run ended with $status." >&2
    failed=1
fi
if [ "$passed" = 0 ]; then
    echo "No test ran." >&2
    failed=1
fi
finish "$passed" "$failed" "$skipped"
