#!/usr/bin/env bash
# Starts MailPace on this machine: PostgreSQL, nats-server and the platform, on loopback, with data under .local.
# Sends a first email through it and tells how to send the next. Safe to repeat.
set -euo pipefail
# shellcheck source=tools/local.sh
. "$(dirname "$0")/local.sh"
started=$SECONDS
step() { printf '[%3d s] %s\n' $((SECONDS - started)) "$*"; }

command -v dotnet >/dev/null || { say "The .NET 10 SDK is missing (dotnet isn't on PATH)." >&2; exit 1; }

step "what is missing"
tools/setup.sh
load_ports
mkdir -p "$local"/{run,log,nats,secrets,tls}
chmod 700 "$local/secrets" "$local/tls"

build() {
    local stamp=$local/run/built
    if [ -x "$mailpace" ] && [ -f "$stamp" ] && [ -z "$(find lib functions smtp-edge sandbox host Directory.*.props global.json -newer "$stamp" -type f -print -quit)" ]; then
        step "the build is current"
        return
    fi
    step "building (a minute or two at first)"
    if ! dotnet build host/mailpace.csproj -c Release --nologo -v quiet >"$local/log/build.log" 2>&1; then
        grep -E 'error|warning' "$local/log/build.log" | sort -u | head -n 20 >&2
        say "The build failed; its whole output is in .local/log/build.log" >&2
        exit 1
    fi
    touch "$stamp"
    rebuilt=1
}

wait_for_port() { # port, name, log
    for _ in $(seq 300); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        is_running "$2" "" || break
        sleep 0.1
    done
    tail -n 20 "$3" >&2
    say "$2 doesn't come up; its log is $3" >&2
    exit 1
}

# PostgreSQL refuses to run as root: then it runs as the user nobody, in a folder that this user may reach.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid 65534 --regid 65534 --clear-groups -- "$@"
    else
        "$@"
    fi
}

start_postgres() {
    local bin data=$local/postgres
    bin=$(dirname "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1 || command -v initdb)")
    if is_running postgres postgres; then
        step "PostgreSQL runs"
        return
    fi
    if [ "$(id -u)" = 0 ] && ! setpriv --reuid 65534 --regid 65534 --clear-groups -- test -x "$local"; then
        # The clone is in a folder that only root may enter, such as /root.
        data=/var/tmp/mailpace-postgres-$(printf %s "$root" | cksum | cut -d' ' -f1)
        echo "$data" >"$local/postgres.path"
    fi
    if [ ! -f "$data/PG_VERSION" ]; then
        step "creating the PostgreSQL data folder"
        mkdir -p "$data"
        chmod 700 "$data"
        [ "$(id -u)" != 0 ] || chown 65534:65534 "$data"
        (cd / && as_postgres "$bin/initdb" -D "$data" -U mailpace -A trust -E UTF8 --locale=C) >"$local/log/initdb.log" 2>&1 || { cat "$local/log/initdb.log" >&2; exit 1; }
    fi
    step "starting PostgreSQL"
    (cd / && as_postgres setsid "$bin/postgres" -D "$data" -p "$PORT_POSTGRES" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
        >>"$local/log/postgres.log" 2>&1 </dev/null & echo $! >"$local/run/postgres.pid")
    wait_for_port "$PORT_POSTGRES" postgres "$local/log/postgres.log"
}

start_nats() {
    if is_running nats nats-server; then
        step "nats-server runs"
        return
    fi
    step "starting nats-server"
    cat >"$local/nats.conf" <<CONF
listen: 127.0.0.1:$PORT_NATS
http: 127.0.0.1:$PORT_NATS_MONITOR
max_payload: 8MB
jetstream { store_dir: "$local/nats", sync_interval: always }
CONF
    local program=$local/bin/nats-server
    [ -x "$program" ] || program=$(command -v nats-server)
    setsid "$program" -c "$local/nats.conf" >>"$local/log/nats.log" 2>&1 </dev/null &
    echo $! >"$local/run/nats.pid"
    wait_for_port "$PORT_NATS" nats "$local/log/nats.log"
}

make_secrets() {
    local name
    for name in dkim-kek return-path-key; do
        [ -f "$local/secrets/$name" ] || (umask 077 && openssl rand -base64 32 >"$local/secrets/$name")
    done
    [ -f "$local/tls/server.pem" ] && return
    step "creating a development certificate"
    (
        umask 077
        cd "$local/tls"
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 825 -keyout ca.key -out ca.pem -subj '/CN=MailPace development CA' \
            -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj '/CN=localhost'
        printf 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\nextendedKeyUsage=serverAuth\n' >san.cnf
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 825 -extfile san.cnf -out leaf.pem
        cat leaf.pem ca.pem >server.pem
        chmod 644 ca.pem
    ) >"$local/log/openssl.log" 2>&1 || { cat "$local/log/openssl.log" >&2; exit 1; }
}

# The platform's settings; yours in .local/settings.env win, such as MAILPACE__Delivery__Route=mx.
export_settings() {
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
    export MAILPACE__Sandbox__Address=127.0.0.1
    export MAILPACE__Sandbox__Port=$PORT_MX
    export MAILPACE__Delivery__Sandbox=127.0.0.1:$PORT_MX
    export MAILPACE__Log__Format=Text
    if [ -f "$local/settings.env" ]; then
        set -a
        # shellcheck disable=SC1091
        . "$local/settings.env"
        set +a
    fi
}

is_ready() { curl -fsS -o /dev/null --max-time 2 "http://127.0.0.1:$PORT_HTTP/_/ready" 2>/dev/null; }

start_mailpace() {
    if [ -z "${rebuilt:-}" ] && is_running mailpace "$mailpace" && is_ready; then
        step "MailPace runs"
        return
    fi
    stop_process mailpace "$mailpace" TERM 40
    step "migrating the database"
    "$mailpace" migrate >"$local/log/migrate.log" 2>&1 || { cat "$local/log/migrate.log" >&2; exit 1; }
    "$mailpace" demo --token-file "$local/secrets/demo-tokens" >"$local/demo.facts"
    step "starting MailPace"
    setsid "$mailpace" run >>"$local/log/mailpace.log" 2>&1 </dev/null &
    echo $! >"$local/run/mailpace.pid"
    for _ in $(seq 600); do
        is_ready && return
        is_running mailpace "$mailpace" || break
        sleep 0.1
    done
    curl -sS --max-time 2 "http://127.0.0.1:$PORT_HTTP/_/ready" >&2 || true
    tail -n 30 "$local/log/mailpace.log" >&2
    say "MailPace doesn't come up; its log is .local/log/mailpace.log" >&2
    exit 1
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
    answer=$(curl -fsS "$MAILPACE_URL/api/v1/send" -H 'Content-Type: application/json' -H "MailPace-Server-Token: $MAILPACE_TOKEN" \
        -d "{\"from\":\"MailPace <hello@$MAILPACE_DOMAIN>\",\"to\":\"$to\",\"subject\":\"It works\",\"htmlbody\":\"<p>Your first email.</p>\",\"textbody\":\"Your first email.\"}")
    step "accepted: $answer"
    for _ in $(seq 150); do
        if curl -fsS "$MAILPACE_URL/sandbox/messages?to=$to" | grep -q 'It works'; then
            step "it arrived in the sandbox"
            return
        fi
        sleep 0.2
    done
    tail -n 20 "$local/log/mailpace.log" >&2
    say "The email did not arrive within 30 s." >&2
    exit 1
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
if [ "${MAILPACE__Delivery__Route:-sandbox}" = sandbox ]; then
    send_first_email
fi

cat <<END

MailPace runs.
  API       $MAILPACE_URL/api/v1/send   ($MAILPACE_HTTPS_URL, CA in .local/tls/ca.pem)
  SMTP      $MAILPACE_SMTP (STARTTLS), $MAILPACE_SMTPS (TLS); user and password are the token
  Sandbox   $MAILPACE_URL/sandbox
  Token     $MAILPACE_TOKEN   (sends for $MAILPACE_DOMAIN)

Send another:
  curl $MAILPACE_URL/api/v1/send -H 'Content-Type: application/json' -H 'MailPace-Server-Token: $MAILPACE_TOKEN' \\
    -d '{"from":"you@$MAILPACE_DOMAIN","to":"someone@example.com","subject":"Hello","textbody":"Hello"}'

These facts are in .local/demo.env. make logs follows the log, make down stops.
Nothing leaves this machine; to deliver for real, put MAILPACE__Delivery__Route=mx into .local/settings.env and restart.
END
