# `make demo` and `make test` do everything on a fresh machine; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV ?= .venv
PYTHON ?=
PROOF ?=
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PACKAGES := tests/browser/node_modules

.PHONY: help demo test check unit browser bench docs contracts format clean upgrade

help: ## Show this help
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

demo: $(READY) ## Show the main job: video in, results out, a lease that expires when told to
	@$(BIN)/ovs-mock demo

test: check unit ## Everything that must hold before a commit: linters, types, layers, tests

check: $(READY) ## Linters, formatting, types and layer rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy tests benchmarks examples tools
	$(BIN)/pyright
	$(BIN)/lint-imports

unit: $(READY) ## The tests alone
	$(BIN)/python -m pytest -n auto --dist loadfile

browser: $(READY) $(PACKAGES) ## The tests in Chromium, with clients from npm (apt-get install chromium npm)
	$(BIN)/python -m pytest -n 0 tests/browser

$(PACKAGES): tests/browser/package.json
	@npm install --prefix tests/browser --no-package-lock --no-audit --no-fund --silent
	@touch $@

bench: $(READY) ## Measure, print, and write benchmarks/RESULTS.md
	@test -x $(VENV)/benchmark-peers/bin/python || $(BIN)/python -m venv $(VENV)/benchmark-peers
	@$(BIN)/python -m pip freeze | grep '^pytest==' > $(VENV)/benchmark-peers/constraints.txt
	@$(VENV)/benchmark-peers/bin/python -m pip install --quiet --disable-pip-version-check --upgrade \
	    -c $(VENV)/benchmark-peers/constraints.txt -r benchmarks/requirements.txt
	$(BIN)/python benchmarks/run.py

docs: $(READY) ## Write the pages that are generated: docs/API.md and docs/VERSIONS.md
	$(BIN)/python tools/api_reference.py
	$(BIN)/python tools/versions.py

contracts: $(READY) ## Prove the contract suite: many seeds, many cases, every drift
	@$(BIN)/python tools/prove_contracts.py $(PROOF)

format: $(READY) ## Put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Forget the environment and all caches
	rm -rf $(VENV) $(PACKAGES) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(READY): pyproject.toml constraints.txt
	@python=$$(PYTHON="$(PYTHON)" ./tools/find-python) && "$$python" -m venv $(VENV) || { \
	    echo "make: cannot create $(VENV); on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV), which takes a minute …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

upgrade: ## Take the newest dependencies into constraints.txt
	rm -rf $(VENV) && : > constraints.txt
	$(MAKE) $(READY)
	$(BIN)/python -m pip freeze --exclude-editable > constraints.txt
