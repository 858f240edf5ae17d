.DEFAULT_GOAL := help
.PHONY: help serve test check journeys bench screenshots lock clean
PY := .venv/bin/python

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: ## start the site on http://127.0.0.1:8000, with the bundled open data
	@scripts/setup.sh base
	@exec $(PY) -m tsushinbo serve

test: ## everything that proves the product: lint, types, structure, tests on SQLite and PostgreSQL, a real browser
	@scripts/setup.sh dev
	@scripts/test.sh

check: ## format, lint, types, structure, templates, missing migrations
	@scripts/setup.sh dev
	@scripts/check.sh

journeys: ## only the walks through a real browser
	@scripts/setup.sh dev
	@scripts/system.sh browser
	@$(PY) -m pytest -m browser

bench: ## speed, each figure as a ratio measured side by side
	@scripts/setup.sh dev
	@$(PY) -m bench

screenshots: ## make the picture of the README anew
	@scripts/setup.sh dev
	@scripts/system.sh browser
	@$(PY) scripts/screenshots.py

lock: ## write the locks anew from requirements/*.in
	@scripts/setup.sh dev
	@scripts/lock.sh

clean: ## remove the environment and caches; the data in var/ stays
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
