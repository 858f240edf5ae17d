#!/bin/sh
# Make sure that what the tests need from the system is here: system.sh browser|postgresql|load. Exits 1 when it is not and cannot be installed.
set -eu
cd "$(dirname "$0")/.."
case "$1" in
browser)
    if command -v chromium >/dev/null 2>&1 && fc-list 2>/dev/null | grep -qi 'noto.*cjk'; then exit 0; fi
    scripts/apt.sh chromium fontconfig fonts-noto-cjk && exit 0
    echo "Chromium with Japanese fonts is missing; install it (Debian: apt-get install chromium fonts-noto-cjk) and run this again." >&2
    ;;
postgresql)
    if command -v pg_virtualenv >/dev/null 2>&1 && ls -d /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then exit 0; fi
    scripts/apt.sh postgresql postgresql-common && exit 0
    echo "PostgreSQL is missing; install it (Debian, Ubuntu: apt-get install postgresql postgresql-common) and run this again." >&2
    ;;
load)
    if command -v nginx >/dev/null 2>&1 && command -v wrk >/dev/null 2>&1; then exit 0; fi
    scripts/apt.sh nginx-light wrk && exit 0
    echo "nginx and wrk are missing; install them (Debian, Ubuntu: apt-get install nginx-light wrk) and run this again." >&2
    ;;
esac
exit 1
