#!/bin/sh
# Install Debian packages when this user may: apt.sh PACKAGE…
set -eu
if ! command -v apt-get >/dev/null 2>&1; then exit 1; fi
if [ "$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else exit 1; fi
echo "Installing $* by apt-get …" >&2
log=$(mktemp)
if $as_root apt-get update -qq >"$log" 2>&1 && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >>"$log" 2>&1; then
    rm -f "$log"
else
    tail -n 5 "$log" >&2
    rm -f "$log"
    exit 1
fi
