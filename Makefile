# Everything runs in a virtual environment of its own, which each target makes when it is missing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Test processes; each takes a core and up to 2 GB. A file's tests stay in one process. Files run in the order of
# their names: the long ones, in a browser and as a user, come first, and no core waits for one at the end.
JOBS ?= 2
PYTEST := $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

BUNDLE := src/backchannel/interface/bundle/interface.js
MODULES := interface/node_modules/.package-lock.json
# The types of the answers document and of the messages are written by the build itself.
SOURCES := $(shell find interface -name node_modules -prune -o -type f ! -path "*/lib/answers.ts" ! -path "*/lib/messages.ts" -print) \
	src/backchannel/interface/theme.css
NPM := PYTHON="$(CURDIR)/$(BIN)/python" interface/scripts/npm

.PHONY: answer test test-slow test-long interface docs dist lint types layers check bench clean

answer: $(VENV)/.app
	$(BIN)/backchannel run belarus-2025

# Without the interface its browser tests are skipped by name; `make interface` says what is wrong with it.
test: $(VENV)/.dev
	-@$(MAKE) --no-print-directory $(BUNDLE)
	$(PYTEST) --durations 15 --durations-min 5

test-slow: $(VENV)/.dev
	$(PYTEST) -m "slow and not long" --durations 15 --durations-min 5

test-long: $(VENV)/.dev
	$(PYTEST) -m long

interface: $(BUNDLE)
	$(NPM) run check
	$(NPM) test

# The site, in build/docs/html. A warning is an error: a link that leads nowhere, an example that fails.
docs: $(VENV)/.docs
	$(BIN)/python -m sphinx -W --keep-going -q -d build/docs/doctrees docs build/docs/html

# What is published: a wheel and a source distribution, checked, installed in a fresh environment and run there.
dist: $(BUNDLE) $(VENV)/.docs
	rm -rf dist build/installed
	$(BIN)/python -m build --outdir dist .
	$(BIN)/python -m twine check --strict dist/*
	$(PYTHON) -m venv build/installed
	build/installed/bin/pip install --quiet dist/*.whl
	$(BIN)/python -m tests.installed build/installed

lint: $(VENV)/.dev
	$(BIN)/ruff format --check src tests benchmarks docs
	$(BIN)/ruff check src tests benchmarks docs

types: $(VENV)/.dev
	$(BIN)/pyright --pythonpath $(BIN)/python

layers: $(VENV)/.dev
	$(BIN)/lint-imports

check: lint types layers interface test

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build interface/node_modules $(dir $(BUNDLE))

$(MODULES): interface/package-lock.json | $(VENV)/.dev
	$(NPM) ci
	touch $@

$(BUNDLE): $(MODULES) $(SOURCES)
	$(NPM) run build
	touch $@

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.app: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@ $(VENV)/.app

$(VENV)/.docs: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --editable ".[docs]"
	touch $@
