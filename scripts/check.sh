#!/bin/sh
# Format, lint, types, structure, templates, missing migrations. Changes nothing.
set -eu
cd "$(dirname "$0")/.."
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
export TSUSHINBO_DATA_DIR="$data"
set -x
.venv/bin/ruff format --check --quiet .
.venv/bin/ruff check --quiet .
.venv/bin/mypy --no-error-summary
.venv/bin/lint-imports --no-cache > "$data/imports" || { cat "$data/imports"; exit 1; }
.venv/bin/djlint --lint --quiet tsushinbo
.venv/bin/python manage.py makemigrations --check --dry-run
