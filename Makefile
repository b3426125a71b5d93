# One command for each thing one does with Glede. `make` alone prints them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
t ?=
f ?=
ROOM ?=
WORKERS ?= 2
PATHS = $(if $(ROOM),glede/$(ROOM),)
PO := $(shell find glede -name '*.po' 2>/dev/null)

.PHONY: help
help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# ── set up ────────────────────────────────────────────────────────────────────────────────────────────────────────
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Glede needs Python 3.11 or newer: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements/base.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes --requirement requirements/base.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	$(PIP) install --require-hashes --requirement requirements/dev.txt
	@touch $@

$(VENV)/.messages: $(PO) $(VENV)/.base
	@$(BIN)/glede messages compile
	@touch $@

$(VENV)/.assets: requirements/base.txt $(VENV)/.base
	@$(BIN)/glede assets
	@touch $@

.PHONY: setup setup-dev
setup: $(VENV)/.base $(VENV)/.messages $(VENV)/.assets ## make .venv with the `glede` command (Python 3.11+ with venv is all it needs)
setup-dev: setup $(VENV)/.dev ## the same, and the tools for building and testing
