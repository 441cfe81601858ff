# `make demo` and `make test` set up what they need; `make help` lists the other targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV ?= .venv
PYTHON ?=
PROOF ?=
FLAKY ?=
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PACKAGES := tests/browser/node_modules

.PHONY: help demo test check unit long browser flaky bench docs contracts format clean upgrade

help: ## Show this help
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

demo: $(READY) ## Show the main use: video in, results out, a lease that expires
	@$(BIN)/ovs-mock demo

test: check unit ## What must pass before a commit: linters, types, layers, tests

check: $(READY) ## Run the linters, the type checkers and the layer rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy tests benchmarks examples tools
	$(BIN)/pyright
	$(BIN)/lint-imports

# The tests in a browser are part of these where Chromium and npm are installed, and are skipped elsewhere.
unit: $(READY) ## Run the tests, without the long ones
	@! command -v chromium >/dev/null || ! command -v npm >/dev/null || $(MAKE) --no-print-directory $(PACKAGES) \
	    || echo 'make: npm cannot install the packages of the browser tests, which are skipped' >&2
	$(BIN)/python -m pytest -n auto --dist loadfile -m 'not long'

long: $(READY) ## Run the long tests: what the documentation promises, in fresh environments
	$(BIN)/python -m pytest -n auto --dist loadfile -m long

browser: $(READY) $(PACKAGES) ## Run the tests in Chromium, with clients from npm
	$(BIN)/python -m pytest -n 0 tests/browser

flaky: $(READY) ## Repeat tests while the cores are busy (FLAKY="--times 20 tests/ingest")
	@$(BIN)/python tools/find_flaky.py $(FLAKY)

$(PACKAGES): tests/browser/package.json
	@npm install --prefix tests/browser --no-package-lock --no-audit --no-fund --silent
	@touch $@

bench: $(READY) ## Run the benchmarks and write benchmarks/RESULTS.md
	@test -x $(VENV)/benchmark-peers/bin/python || $(BIN)/python -m venv $(VENV)/benchmark-peers
	@$(BIN)/python -m pip freeze | grep '^pytest==' > $(VENV)/benchmark-peers/constraints.txt
	@$(VENV)/benchmark-peers/bin/python -m pip install --quiet --disable-pip-version-check --upgrade \
	    -c $(VENV)/benchmark-peers/constraints.txt -r benchmarks/requirements.txt
	$(BIN)/python benchmarks/run.py

docs: $(READY) ## Write the pages that are generated: docs/API.md and docs/VERSIONS.md
	$(BIN)/python tools/api_reference.py
	$(BIN)/python tools/versions.py

contracts: $(READY) ## Prove the contract suite: many seeds, many cases, every mutant
	@$(BIN)/python tools/prove_contracts.py $(PROOF)

format: $(READY) ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Delete the environment and all caches
	rm -rf $(VENV) $(PACKAGES) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(READY): pyproject.toml constraints.txt
	@python=$$(PYTHON="$(PYTHON)" ./tools/find-python) && "$$python" -m venv $(VENV) || { \
	    echo "make: cannot create $(VENV); on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV), which takes a minute …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

upgrade: ## Pin the newest dependencies in constraints.txt
	rm -rf $(VENV) && : > constraints.txt
	$(MAKE) $(READY)
	$(BIN)/python -m pip freeze --exclude-editable > constraints.txt
