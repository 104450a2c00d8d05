#!/usr/bin/env bash
# Installs what is missing: PostgreSQL and nats-server >= 2.12; with --tests also what the client, fault and bench tests need.
# No service of the system is started or touched.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
local=$root/.local

say() { printf '  %s\n' "$*"; }

install_packages() { # names
    local missing=()
    for name in "$@"; do
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
    done
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" != 0 ]; then
        echo "These packages are missing. As root: apt-get install --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
    say "installing ${missing[*]}"
    # Packages that bring a service must not start it, nor make a database cluster.
    local policy=/usr/sbin/policy-rc.d own_policy=0
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
        own_policy=1
    fi
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    fi
    local log=$local/apt.log status=0
    mkdir -p "$local"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}"; } >"$log" 2>&1 || status=$?
    [ $own_policy = 1 ] && rm -f "$policy"
    if [ $status != 0 ]; then
        tail -n 20 "$log" >&2
        echo "apt-get failed; its whole output is in $log" >&2
        exit 1
    fi
}

is_recent_nats() { # program
    [ -x "$1" ] && "$1" --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+' | head -n 1 | awk -F. '{ exit !($1 > 2 || ($1 == 2 && $2 >= 12)) }'
}

# The mirror that the machine's own apt uses, in either of its two formats.
debian_mirror() {
    {
        cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) { print $i; break } }'
        cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk '$1 == "URIs:" { for (i = 2; i <= NF; i++) print $i }'
    } | grep -E '/debian/?$' | head -n 1
}

# Debian's stable releases are too old; the package of sid needs only libc. It's fetched with a private apt state and unpacked,
# so that the system's sources stay as they are.
fetch_nats() {
    local state=$local/apt mirror
    mirror=$(debian_mirror)
    if [ -z "$mirror" ]; then
        echo "nats-server 2.12 or newer is missing, and this is no Debian to fetch it from: put the official release on PATH." >&2
        exit 1
    fi
    say "fetching nats-server"
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$local/bin"
    [ "$(id -u)" = 0 ] && chmod 755 "$local" "$state"
    echo "deb $mirror sid main" >"$state/sources.list"
    local options=(-o "Dir::State::Lists=$state/lists" -o "Dir::Etc::sourcelist=$state/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::Cache=$state/cache" -o APT::Sandbox::User=root)
    if ! { apt-get "${options[@]}" update && cd "$state" && apt-get "${options[@]}" download nats-server; } >"$local/apt-nats.log" 2>&1; then
        tail -n 20 "$local/apt-nats.log" >&2
        echo "nats-server could not be fetched; the whole output is in $local/apt-nats.log" >&2
        exit 1
    fi
    dpkg -x "$state"/nats-server_*.deb "$state/x"
    install -m 755 "$state/x/usr/sbin/nats-server" "$local/bin/nats-server"
    cd "$root"
    rm -rf "$state"
}

if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! command -v initdb >/dev/null; then
    install_packages postgresql
fi
for name in openssl curl; do
    command -v $name >/dev/null || install_packages $name
done
if ! is_recent_nats "$(command -v nats-server || true)" && ! is_recent_nats "$local/bin/nats-server"; then
    fetch_nats
fi

if [ "${1:-}" = --tests ]; then
    install_packages postfix opendkim opendkim-tools python3 python3-dkim python3-nacl python3-dnspython swaks libnet-ssleay-perl libio-socket-ssl-perl \
        libauthen-sasl-perl php-cli php-symfony-oh-my-smtp-mailer php-symfony-http-client e2fsprogs util-linux mount
    command -v npm >/dev/null || install_packages nodejs npm
fi
