# shellcheck shell=bash
# What the scripts of the local platform share: paths, ports, and how its processes are known.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
root=$PWD
local=$root/.local
# shellcheck disable=SC2034
mailpace=$root/artifacts/publish/mailpace/release/mailpace

say() { printf '%s\n' "$*"; }

# One script at a time; the servers that it starts don't inherit the lock (9>&-).
lock_local() {
    mkdir -p "$local/run" "$local/log"
    exec 9>"$local/run/lock"
    flock -n 9 || { say "waiting for another make up, down or reset"; flock 9; }
}

# A process of ours runs: its id is in the file, and its command line still names this clone's program or data.
is_running() { # name, word of the command line
    local id
    id=$(cat "$local/run/$1.pid" 2>/dev/null) && [ -n "$id" ] && tr '\0' ' ' 2>/dev/null <"/proc/$id/cmdline" | grep -qF -- "$2"
}

# Starts a server in a session of its own, so that it outlives the terminal; remembers its id.
start_process() { # name, command
    local name=$1
    shift
    (cd / && exec setsid "$@" >>"$local/log/$name.log" 2>&1 </dev/null 9>&-) &
    echo $! >"$local/run/$name.pid"
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

# A port that nobody listens on, from below the ephemeral range, where a connection could take it while the platform is down.
free_port() {
    local port
    while :; do
        port=$((10000 + RANDOM % 22000))
        grep -qs "^PORT_.*=$port$" "$local/ports.env.new" && continue
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo $port; return; }
    done
}

# Ports are chosen once and remembered, so that URLs stay what they were.
load_ports() {
    local name
    cp "$local/ports.env" "$local/ports.env.new" 2>/dev/null || : >"$local/ports.env.new"
    for name in NATS NATS_MONITOR POSTGRES HTTP HTTPS SMTP SMTPS MX SANDBOX; do
        grep -q "^PORT_$name=" "$local/ports.env.new" || echo "PORT_$name=$(free_port)" >>"$local/ports.env.new"
    done
    mv "$local/ports.env.new" "$local/ports.env"
    # shellcheck disable=SC1091
    . "$local/ports.env"
}

# PostgreSQL's own folder. It refuses to run as root: then it runs as the user nobody, and where this user can't reach the clone
# (such as under /root), in a folder beside the system's other data.
postgres_home() {
    if [ "$(id -u)" = 0 ] && ! as_nobody test -x "$local"; then
        echo "/var/tmp/mailpace-postgres-$(printf %s "$root" | cksum | cut -d' ' -f1)"
    else
        echo "$local/postgres"
    fi
}

as_nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups -- "$@"; }

# The words by which each process is known.
known_by() { # name
    case $1 in
    postgres) echo "$(postgres_home)/data" ;;
    nats) echo "$local/nats.conf" ;;
    mailpace) echo "$mailpace run" ;;
    esac
}

stop_all() {
    stop_process mailpace "$(known_by mailpace)" TERM 40
    stop_process nats "$(known_by nats)" TERM 20
    stop_process postgres "$(known_by postgres)" INT 30
}

# The platform's settings; yours in .local/settings.env win, such as MAILPACE__Delivery__Route=mx.
export_settings() {
    # Fewer collections: docs/decisions/0005.
    export DOTNET_GCgen0size=0x4000000
    export MAILPACE__Nats__Url=nats://127.0.0.1:$PORT_NATS
    export MAILPACE__Nats__MonitorUrl=http://127.0.0.1:$PORT_NATS_MONITOR
    export MAILPACE__Postgres__ConnectionString="Host=127.0.0.1;Port=$PORT_POSTGRES;Username=mailpace;Database=postgres"
    export MAILPACE__Secrets__Directory=$local/secrets
    export MAILPACE__Http__Url=http://127.0.0.1:$PORT_HTTP
    export MAILPACE__Http__HttpsUrl=https://127.0.0.1:$PORT_HTTPS
    export MAILPACE__Http__CertificatePath=$local/tls/server.pem
    export MAILPACE__Http__CertificateKeyPath=$local/tls/server.key
    export MAILPACE__SmtpEdge__HostName=localhost
    export MAILPACE__SmtpEdge__CertificatePath=$local/tls/server.pem
    export MAILPACE__SmtpEdge__CertificateKeyPath=$local/tls/server.key
    export MAILPACE__SmtpEdge__Listeners__0__Address=127.0.0.1
    export MAILPACE__SmtpEdge__Listeners__0__Port=$PORT_SMTP
    export MAILPACE__SmtpEdge__Listeners__0__Role=Submission
    export MAILPACE__SmtpEdge__Listeners__1__Address=127.0.0.1
    export MAILPACE__SmtpEdge__Listeners__1__Port=$PORT_SMTPS
    export MAILPACE__SmtpEdge__Listeners__1__Role=Submissions
    export MAILPACE__SmtpEdge__Listeners__2__Address=127.0.0.1
    export MAILPACE__SmtpEdge__Listeners__2__Port=$PORT_MX
    export MAILPACE__SmtpEdge__Listeners__2__Role=Inbound
    export MAILPACE__Sandbox__Address=127.0.0.1
    export MAILPACE__Sandbox__Port=$PORT_SANDBOX
    export MAILPACE__Delivery__Sandbox__Host=127.0.0.1
    export MAILPACE__Delivery__Sandbox__Port=$PORT_SANDBOX
    export MAILPACE__Log__Format=Text
    [ ! -f "$local/settings.env" ] || read_settings <"$local/settings.env"
}

# Name=value a line, as written: nothing in it is run. Quotes around a whole value may stand or not.
read_settings() {
    local line name value
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line%$'\r'}
        if [[ $line =~ ^[[:space:]]*(#.*)?$ ]]; then
            continue
        elif [[ $line =~ ^(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]]; then
            name=${BASH_REMATCH[2]} value=${BASH_REMATCH[3]}
            if [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]]; then value=${BASH_REMATCH[1]}; fi
            export "$name=$value"
        else
            say ".local/settings.env: this is no Name=value: $line" >&2
            exit 1
        fi
    done
}

# What the platform is started with; make up starts it anew when this differs.
settings_digest() { env | LC_ALL=C grep -E '^(MAILPACE__|DOTNET_GC)' | LC_ALL=C sort | sha256sum; }
