# The verbs of a developer; continuous integration says the same ones.
# Needs python3 (3.11 or later), make and git.  Everything else is installed into .venv.

SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.installed-runtime
DEVELOPMENT := $(VENV)/.installed-development
NPM := tests/node/node_modules/.package-lock.json
MUTANTS_AT_ONCE ?= 2
WORKERS ?= 3
# Tests start hundreds of processes: they read what the first of them compiled.
unexport PYTHONDONTWRITEBYTECODE
# A worker that is done takes over from the others: no long test is left alone at the end.
SPREAD := -n $(WORKERS) --dist worksteal

# Browser tests have a run of their own, for Playwright keeps an event loop in its thread.  On a
# busy machine a browser may miss a moment: what failed is tried once more.
BROWSE = sh scripts/browse.sh $(BIN)/pytest

.DEFAULT_GOAL := help
.PHONY: help run test test-core contracts journeys check bench mutate lock browser
.PHONY: format-check lint rules imports types docs

help: ## Name the verbs
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-11s %s\n", $$1, $$2}'

# DUOLOG_PORT, JIRASIM_PORT, DEPLOYMENT, DUOLOG_HOME and RESET, given in the environment or after
# `make run`, reach the command through its environment: make exports both.
run: $(RUNTIME) ## Start Duolog and a simulated Jira with a demo workplace; Ctrl-C stops both
	@exec $(BIN)/duolog demo

test: $(DEVELOPMENT) $(NPM) browser ## Run every test, on PostgreSQL too where the database matters
	DUOLOG_TEST_DATABASE=sqlite $(BIN)/pytest $(SPREAD) -m "not browser"
	DUOLOG_TEST_DATABASE=postgresql $(BIN)/pytest $(SPREAD) -m "database and not browser"
	DUOLOG_TEST_DATABASE=sqlite $(BROWSE) -m browser
	DUOLOG_TEST_DATABASE=postgresql $(BROWSE) -m "database and browser"

test-core: $(DEVELOPMENT) ## Run the laws and tables of the core, in seconds
	$(BIN)/pytest -q -p no:django tests/core

contracts: $(DEVELOPMENT) ## Run the suites that every implementation of an interface must pass
	$(BIN)/pytest $(SPREAD) tests/contracts

journeys: $(DEVELOPMENT) browser ## Use the product as people do: pages, REST, command line
	$(BROWSE) -m browser

check: $(DEVELOPMENT) ## Judge format, lint, house rules, import contracts, types and docs
	@$(MAKE) --keep-going --no-print-directory format-check lint rules imports types docs

format-check: $(DEVELOPMENT)
	$(BIN)/ruff format --check --quiet .

lint: $(DEVELOPMENT)
	$(BIN)/ruff check .

rules: $(DEVELOPMENT)
	$(BIN)/python -m scripts.linters

imports: $(DEVELOPMENT)
	PYTHONPATH=src $(BIN)/lint-imports --no-logo

types: $(DEVELOPMENT)
	$(BIN)/mypy

docs: $(DEVELOPMENT) ## Check that what the docs name exists, and the other way round
	$(BIN)/python -m scripts.check_docs

bench: $(DEVELOPMENT) ## Measure; prints one JSON object per line
	@$(BIN)/python -m bench

mutate: $(DEVELOPMENT) ## Plant small faults in the core and see that a test notices each
	rm -rf mutants
	PYTHONPATH=src $(BIN)/mutmut run --max-children $(MUTANTS_AT_ONCE)
	$(BIN)/python -m scripts.survivors

lock: ## Resolve the dependencies again (needs uv); what the locks hold stays where it fits
	uv pip compile -q --generate-hashes --python-version 3.11 --universal pyproject.toml -o requirements.lock
	uv pip compile -q --generate-hashes --python-version 3.11 --universal pyproject.toml --group dev \
		-c requirements.lock -o requirements-dev.lock

browser:
	@sh scripts/browser.sh

$(NPM): tests/node/package-lock.json
	@sh scripts/node.sh tests/node
	@if [ -e $@ ]; then touch $@; fi

$(RUNTIME): requirements.lock pyproject.toml
	@PYTHON=$(PYTHON) sh scripts/install.sh $(VENV) requirements.lock
	@touch $@

$(DEVELOPMENT): requirements-dev.lock pyproject.toml
	@PYTHON=$(PYTHON) sh scripts/install.sh $(VENV) requirements-dev.lock
	@touch $@ $(RUNTIME)
