#!/bin/sh
# Everything that proves the product. Under CI=true a missing browser or PostgreSQL is a failure, else that part is left out and said so.
set -eu
cd "$(dirname "$0")/.."
scripts/check.sh

missing() {
    if [ "${CI:-}" = true ]; then exit 1; fi
    echo "Left out: the tests that need $1." >&2
}

if scripts/system.sh postgresql; then
    # A cluster of its own on a free port, made for this run and removed after it. It is thrown away, so it need not be durable.
    pg_virtualenv -t -o fsync=off -o max_connections=200 sh -c '
        export DATABASE_URL="postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres"
        .venv/bin/python -m pytest -n 2 -q -m "not browser and not any_database"'
else
    missing PostgreSQL
fi
if scripts/system.sh browser; then
    .venv/bin/python -m pytest -n 2 -q
else
    missing "a browser"
    .venv/bin/python -m pytest -n 2 -q -m "not browser"
fi
