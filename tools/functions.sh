#!/usr/bin/env bash
# Publishes each function of stack.yml as its image does, starts it idle against the servers of `make up`, and prints how long it took
# to be ready and what it holds in memory then.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tools/local.sh
. tools/local.sh
[ -f "$local/ports.env" ] || { say "Start the servers first: make up" >&2; exit 69; }
load_ports
export_settings
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT
printf '%-10s %10s %10s\n' function 'ready, ms' 'RSS, MB'
for function in $(sed -n '/^functions:/,$p' stack.yml | sed -nE 's/^  ([a-z]+):$/\1/p'); do
    tools/context.sh "$function" "$work/$function"
    dotnet publish "$work/$function/Root.csproj" -c Release --use-current-runtime -o "$work/out" --nologo -v quiet >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    started=$(date +%s%N)
    OPENFAAS_NAME=$function MAILPACE__Http__Url=http://127.0.0.1:$port MAILPACE__Http__HttpsUrl='' dotnet "$work/out/function.dll" >"$work/log" 2>&1 &
    pid=$!
    until curl -sf -o /dev/null "http://127.0.0.1:$port/_/ready"; do
        kill -0 "$pid" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
        sleep 0.01
    done
    ready=$((($(date +%s%N) - started) / 1000000))
    sleep 5
    printf '%-10s %10d %10d\n' "$function" "$ready" "$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$pid/status")"
    kill "$pid"
    wait "$pid" || true
    pid=
    rm -rf "${work:?}/out" "${work:?}/$function"
done
