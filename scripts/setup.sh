#!/bin/sh
# Make .venv with the locked packages of requirements/$1.txt. Says nothing and does nothing when that is done already.
set -eu
cd "$(dirname "$0")/.."
which=${1:-base}
lock=requirements/$which.txt
stamp=.venv/.has-$which
digest=$(cksum "$lock" .python-version)

if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$digest" ]; then exit 0; fi

say() { printf '%s\n' "$*" >&2; }

find_uv() {
    if [ -x .tools/uv/bin/uv ]; then
        uv=.tools/uv/bin/uv
    elif command -v uv >/dev/null 2>&1; then
        uv=uv
    else
        return 1
    fi
}

# uv comes from the package index by pip, into a folder of this checkout. Debian ships python3 without venv and pip; apt adds them.
install_uv() {
    say "Installing uv into .tools/ …"
    python3 -m venv .tools/uv >/dev/null 2>&1 || return 1
    .tools/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
}

if ! find_uv; then
    if ! command -v python3 >/dev/null 2>&1; then
        say "python3 is missing; install it (Debian, Ubuntu: apt-get install python3 python3-venv) and run this again."
        exit 1
    fi
    if ! install_uv; then
        rm -rf .tools/uv
        scripts/apt.sh python3-venv || true
        if ! install_uv; then
            rm -rf .tools/uv
            say "python3 has no venv module; install it (Debian, Ubuntu: apt-get install python3-venv) and run this again."
            exit 1
        fi
    fi
    find_uv
fi

wanted=$(cat .python-version)
if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
    rm -rf .venv
    # The version of .python-version, else any other from 3.12 on that is here, else one that uv fetches.
    "$uv" venv --quiet --no-python-downloads --python "$wanted" .venv 2>/dev/null ||
        "$uv" venv --quiet --no-python-downloads --python '>=3.12' .venv 2>/dev/null ||
        { say "Fetching Python $wanted …" && "$uv" venv --quiet --python "$wanted" .venv 2>/dev/null; } || {
        say "No Python 3.12 or newer was found or could be fetched; install one (Debian 13, Ubuntu 24.04: apt-get install python3; else with pyenv or uv) and run this again."
        exit 1
    }
fi
say "Installing the locked packages of $lock …"
"$uv" pip install --quiet --python .venv/bin/python --require-hashes -r "$lock"
# The checkout itself is importable from anywhere in its environment, as an installed package would be.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
pwd > "$site/tsushinbo-checkout.pth"
printf '#!/bin/sh\nexec "%s/.venv/bin/python" -m tsushinbo "$@"\n' "$(pwd)" > .venv/bin/tsushinbo
chmod +x .venv/bin/tsushinbo
printf '%s' "$digest" > "$stamp"
