# Short names for what dev.py and the tools in .venv do; `make help` lists them.
# Any of them works in a fresh clone: dev.py installs what is missing.

PYTHON ?= python3
DEV := $(PYTHON) dev.py
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test lint types contracts drift check fmt migration texts shell bench browser setup lock

help: ## List these commands.
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Start everything for development; HOST and PORT are honoured.
	$(DEV) run $(ARGS)

test: ## Run all tests; ARGS="tests/feed -k reply" picks some.
	$(DEV) test $(ARGS)

lint: ## Check style: Python and templates.
	$(DEV) ruff check .
	$(DEV) ruff format --check .
	$(DEV) djlint --lint --quiet templates

types: ## Check types.
	$(DEV) mypy

contracts: ## Check who imports whom.
	$(DEV) lint-imports

drift: ## Check that the models and the migrations agree, on a database of its own.
	rm -rf instance/drift
	INSTANCE_DIR=instance/drift $(DEV) pythoughts db upgrade
	INSTANCE_DIR=instance/drift $(DEV) pythoughts db check

check: lint types contracts drift test ## Everything a change must pass.

fmt: ## Repair what of the style can be repaired.
	$(DEV) ruff check --fix .
	$(DEV) ruff format .

migration: ## Draft a migration: make migration m="Add strikes".
	$(if $(m),,$(error Say what it does: make migration m="Add strikes"))
	$(DEV) pythoughts db migrate -m "$(m)"

texts: ## Bring the catalogues of translations up to date with the texts in the code.
	$(DEV) pybabel -q extract -F pyproject.toml --ignore-dirs ".*" -k gettext -k plural:1,2 --no-location --sort-output --project Pythoughts --copyright-holder "" -o instance/messages.pot .
	$(DEV) pybabel -q update -i instance/messages.pot -d pythoughts/translations --no-fuzzy-matching --ignore-pot-creation-date --width 110

shell: ## A Python prompt inside the application.
	$(DEV) flask --app wsgi shell

bench: ## Measure the main pages against bare limits, in under 3 minutes.
	$(DEV) python -m bench $(ARGS)

browser: ## Find a Chromium for the browser tests, or install it as root.
	$(DEV) browser

setup: ## Install and build everything, and stop there.
	$(DEV) setup

LOCK = uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml

lock: ## Pin the requirements of pyproject.toml anew; needs uv.
	$(LOCK) --extra embedded --extra oidc -o requirements.txt
	$(LOCK) --extra embedded --extra oidc --group dev -c requirements.txt -o requirements-dev.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --group build -c requirements-dev.txt -o requirements-build.txt
