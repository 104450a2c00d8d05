# shellcheck shell=bash
# What the scripts of the local platform share: paths, ports, and how its processes are known.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
root=$PWD
local=$root/.local
# shellcheck disable=SC2034
mailpace=$root/artifacts/bin/mailpace/release/mailpace

say() { printf '%s\n' "$*"; }

# A process of ours runs: its id is in the file, and its command line is still the one that we started.
is_running() { # name, word of the command line
    local id
    id=$(cat "$local/run/$1.pid" 2>/dev/null) && [ -n "$id" ] && tr '\0' ' ' <"/proc/$id/cmdline" 2>/dev/null | grep -qF -- "$2"
}

stop_process() { # name, word of the command line, signal, seconds
    is_running "$1" "$2" || { rm -f "$local/run/$1.pid"; return 0; }
    local id
    id=$(cat "$local/run/$1.pid")
    kill "-$3" "$id"
    for _ in $(seq $(($4 * 10))); do
        is_running "$1" "$2" || break
        sleep 0.1
    done
    if is_running "$1" "$2"; then
        say "  $1 didn't stop within $4 s; ending it"
        kill -KILL "$id"
    fi
    rm -f "$local/run/$1.pid"
}

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 20000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo $port; return; }
    done
}

# Ports are chosen once and remembered, so that URLs stay what they were.
load_ports() {
    mkdir -p "$local"
    if [ ! -f "$local/ports.env" ]; then
        for name in NATS NATS_MONITOR POSTGRES HTTP HTTPS SMTP SMTPS MX; do
            echo "PORT_$name=$(free_port)"
        done >"$local/ports.env"
    fi
    # shellcheck disable=SC1091
    . "$local/ports.env"
}
