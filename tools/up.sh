#!/usr/bin/env bash
# Starts MailPace on this machine: PostgreSQL, nats-server and the platform, on loopback, with data under .local.
# Sends a first email through it and tells how to send the next. Safe to repeat.
set -euo pipefail
# shellcheck source=tools/local.sh
. "$(dirname "$0")/local.sh"
started=$SECONDS
step() { printf '[%3d s] %s\n' $((SECONDS - started)) "$*"; }

fail() { say "$*" >&2; exit 1; }

dotnet --version >/dev/null 2>&1 || fail "The .NET 10 SDK is missing (dotnet isn't on PATH, or is older than global.json asks for)."
lock_local

step "looking for what is missing"
tools/setup.sh
load_ports
mkdir -p "$local"/{run,log,nats,secrets,tls}
chmod 700 "$local/secrets" "$local/tls" "$local/nats"

build() {
    local stamp=$local/run/built
    # Folders count as well: their time changes when a file goes.
    if [ -x "$mailpace" ] && [ -f "$stamp" ] &&
        [ -z "$(find lib functions smtp-edge sandbox host Directory.*.props global.json -newer "$stamp" -print -quit)" ]; then
        step "the build is current"
        return
    fi
    step "building (a minute or two at first)"
    touch "$stamp.new"
    dotnet publish host/mailpace.csproj -c Release --nologo -v quiet 9>&- >"$local/log/build.log" 2>&1 &
    local builder=$!
    for ((i = 1; ; i++)); do
        kill -0 "$builder" 2>/dev/null || break
        [ $((i % 30)) != 0 ] || step "still building"
        sleep 1
    done
    if ! wait "$builder"; then
        grep -E 'error|warning' "$local/log/build.log" | sort -u | head -n 20 >&2
        fail "The build failed; its whole output is in .local/log/build.log"
    fi
    mv "$stamp.new" "$stamp"
    rebuilt=1
}

wait_for_port() { # port, name
    for _ in $(seq 300); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        is_running "$2" "$(known_by "$2")" || sleep 0.5 # the program takes the place of the one that started it
        is_running "$2" "$(known_by "$2")" || break
        sleep 0.1
    done
    tail -n 20 "$local/log/$2.log" >&2
    fail "$2 doesn't come up; its log is .local/log/$2.log"
}

start_postgres() {
    local bin home as=()
    home=$(postgres_home)
    [ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups --)
    # Debian keeps the programs outside PATH, a folder per version.
    bin=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
    bin=$(dirname "${bin:-$(command -v initdb)}")
    if is_running postgres "$(known_by postgres)"; then
        if "$bin/pg_isready" -q -h 127.0.0.1 -p "$PORT_POSTGRES" -t 10; then
            step "PostgreSQL runs"
            return
        fi
        step "PostgreSQL takes no connections: ending it"
        stop_process postgres "$(known_by postgres)" INT 30
    fi
    if [ ! -f "$home/initialised" ]; then
        step "creating the PostgreSQL data folder"
        rm -rf "$home" # what an interrupted start left
        mkdir -m 700 "$home"
        (umask 077 && openssl rand -hex 16 | tee "$local/secrets/postgres-password" >"$home/password")
        [ "$(id -u)" != 0 ] || chown 65534:65534 "$home" "$home/password"
        env -C / "${as[@]}" "$bin/initdb" -D "$home/data" -U mailpace --pwfile="$home/password" -A scram-sha-256 -E UTF8 --locale=C \
            >"$local/log/initdb.log" 2>&1 || { cat "$local/log/initdb.log" >&2; exit 1; }
        rm "$home/password"
        touch "$home/initialised"
    fi
    step "starting PostgreSQL"
    start_process postgres "${as[@]}" "$bin/postgres" -D "$home/data" -p "$PORT_POSTGRES" -c listen_addresses=127.0.0.1 -c unix_socket_directories=
    wait_for_port "$PORT_POSTGRES" postgres
}

start_nats() {
    if is_running nats "$(known_by nats)"; then
        step "nats-server runs"
        return
    fi
    step "starting nats-server"
    cat >"$local/nats.conf" <<CONF
listen: "127.0.0.1:$PORT_NATS"
http: "127.0.0.1:$PORT_NATS_MONITOR"
max_payload: 8MB
jetstream {
  store_dir: "$local/nats"
  sync_interval: always
}
CONF
    local program=$local/bin/nats-server
    [ -x "$program" ] || program=$(command -v nats-server)
    start_process nats "$program" -c "$local/nats.conf"
    wait_for_port "$PORT_NATS" nats
}

make_secrets() {
    local name
    for name in dkim-kek return-path-key webhook-kek; do
        [ -f "$local/secrets/$name" ] || (umask 077 && openssl rand -base64 32 >"$local/secrets/$name")
    done
    [ ! -f "$local/tls/server.pem" ] || return 0
    step "creating a development certificate"
    # The CA's key goes at once: nobody can make another certificate that this CA stands for.
    (
        umask 077
        cd "$local/tls" &&
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 825 -keyout ca.key -out ca.pem -subj '/CN=MailPace development CA' \
                -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign &&
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj '/CN=localhost' &&
            printf 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\nextendedKeyUsage=serverAuth\n' >san.cnf &&
            openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 825 -extfile san.cnf -out leaf.pem &&
            openssl verify -CAfile ca.pem leaf.pem &&
            rm -f ca.key server.csr san.cnf ca.srl && chmod 644 ca.pem &&
            cat leaf.pem ca.pem >chain.pem && rm leaf.pem && mv chain.pem server.pem
    ) >"$local/log/openssl.log" 2>&1 || { cat "$local/log/openssl.log" >&2; exit 1; }
}

is_ready() { curl -fsS -o /dev/null --max-time 2 "http://127.0.0.1:$PORT_HTTP/_/ready" 2>/dev/null; }

start_mailpace() {
    if [ -z "${rebuilt:-}" ] && [ "$(settings_digest)" = "$(cat "$local/run/settings" 2>/dev/null)" ] && is_running mailpace "$(known_by mailpace)" && is_ready; then
        step "MailPace runs"
        return
    fi
    # Before what runs is stopped: a mistake in the settings doesn't take it down.
    if ! "$mailpace" check-settings 9>&- >"$local/log/settings.log" 2>&1; then
        cat "$local/log/settings.log" >&2
        fail "Nothing was stopped or started: see to .local/settings.env first."
    fi
    stop_process mailpace "$(known_by mailpace)" TERM 40
    step "migrating the database"
    "$mailpace" migrate 9>&- >"$local/log/migrate.log" 2>&1 || { cat "$local/log/migrate.log" >&2; exit 1; }
    step "creating the demo organisation, domain, keys and tokens"
    (umask 077 && "$mailpace" demo --token-file "$local/secrets/demo-tokens" 9>&- >"$local/demo.facts" 2>"$local/log/demo.log") ||
        { cat "$local/log/demo.log" >&2; exit 1; }
    step "starting MailPace"
    local from=1
    [ ! -f "$local/log/mailpace.log" ] || from=$(($(wc -c <"$local/log/mailpace.log") + 1))
    start_process mailpace "$mailpace" run
    settings_digest >"$local/run/settings"
    for i in $(seq 600); do
        is_ready && return
        [ $((i % 50)) != 0 ] || step "waiting until it is ready"
        is_running mailpace "$(known_by mailpace)" || break
        sleep 0.1
    done
    curl -sS --max-time 2 "http://127.0.0.1:$PORT_HTTP/_/ready" >&2 || true
    tail -c "+$from" "$local/log/mailpace.log" | tail -n 30 >&2
    fail "MailPace doesn't come up; its log is .local/log/mailpace.log"
}

write_facts() {
    # shellcheck disable=SC1091
    . "$local/demo.facts"
    (
        umask 077
        cat >"$local/demo.env" <<FACTS
MAILPACE_URL=http://127.0.0.1:$PORT_HTTP
MAILPACE_HTTPS_URL=https://localhost:$PORT_HTTPS
MAILPACE_CA=$local/tls/ca.pem
MAILPACE_SMTP=127.0.0.1:$PORT_SMTP
MAILPACE_SMTPS=127.0.0.1:$PORT_SMTPS
MAILPACE_MX=127.0.0.1:$PORT_MX
MAILPACE_SANDBOX_MX=127.0.0.1:$PORT_SANDBOX
MAILPACE_TOKEN=$MAILPACE_TOKEN
MAILPACE_ORG_TOKEN=$MAILPACE_ORG_TOKEN
MAILPACE_DOMAIN=$MAILPACE_DOMAIN
FACTS
    )
}

send_first_email() {
    local to answer
    to=first-$(date +%s)@recipient.example
    step "sending a first email"
    # A new token is known as soon as the directory has it, a moment after the start.
    for _ in $(seq 100); do
        answer=$(curl -sS "$MAILPACE_URL/api/v1/send" -H 'Content-Type: application/json' -H "MailPace-Server-Token: $MAILPACE_TOKEN" \
            -d "{\"from\":\"MailPace <hello@$MAILPACE_DOMAIN>\",\"to\":\"$to\",\"subject\":\"It works\",\"htmlbody\":\"<p>Your first email.</p>\",\"textbody\":\"Your first email.\"}") || true
        case $answer in *'"pending"'*) break ;; esac
        sleep 0.2
    done
    case $answer in *'"pending"'*) ;; *) fail "The API doesn't take the email: $answer" ;; esac
    step "accepted: $answer"
    for _ in $(seq 150); do
        if curl -fsS "$MAILPACE_URL/sandbox/messages?to=$to" | grep -q 'It works'; then
            step "it arrived in the sandbox"
            return
        fi
        sleep 0.2
    done
    tail -n 20 "$local/log/mailpace.log" >&2
    fail "The email did not arrive within 30 s."
}

build
start_postgres
start_nats
make_secrets
export_settings
start_mailpace
write_facts
# shellcheck disable=SC1091
. "$local/demo.env"
route=${MAILPACE__Delivery__Route:-sandbox}
sandbox_line="
  Sandbox   $MAILPACE_URL/sandbox"
where_to="Nothing leaves this machine; to deliver for real, put MAILPACE__Delivery__Route=mx into .local/settings.env and make up."
if [ "$route" = sandbox ]; then
    send_first_email
else
    sandbox_line=
    where_to="Mail leaves this machine, by the route $route of .local/settings.env."
fi

cat <<END

MailPace runs.
  API       $MAILPACE_URL/api/v1/send   ($MAILPACE_HTTPS_URL, CA in .local/tls/ca.pem)
  SMTP      $MAILPACE_SMTP (STARTTLS), $MAILPACE_SMTPS (TLS); user and password are the token$sandbox_line
  Commands  tools/mailpace emails, tools/mailpace email 1, tools/mailpace --help
  Token     $MAILPACE_TOKEN   (sends for $MAILPACE_DOMAIN)

Send another:
  curl $MAILPACE_URL/api/v1/send -H 'Content-Type: application/json' -H 'MailPace-Server-Token: $MAILPACE_TOKEN' \\
    -d '{"from":"you@$MAILPACE_DOMAIN","to":"someone@example.com","subject":"Hello","textbody":"Hello"}'

These facts are in .local/demo.env. make logs follows the log, make down stops.
$where_to
END
