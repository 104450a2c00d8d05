#!/usr/bin/env bash
# Assembles the build context of one function as `faas-cli build --shrinkwrap` does, without faas-cli:
#   tools/context.sh deliver <empty folder>
set -euo pipefail
cd "$(dirname "$0")/.."
function=${1:?name of a function, as in stack.yml} target=${2:?an empty folder}
handler=functions/$function
[ -d "$handler" ] || { echo "There is no $handler." >&2; exit 64; }
mkdir -p "$target"
find template/mailpace-dotnet -mindepth 1 -maxdepth 1 ! -name function -exec cp -r {} "$target/" \;
mkdir -p "$target/function"
cp -r "$handler/." "$target/function/"
# configuration.copy of stack.yml, which a test compares with this list.
for path in lib .editorconfig Directory.Build.props Directory.Packages.props BannedSymbols.txt; do
    cp -r "$path" "$target/function/"
done
