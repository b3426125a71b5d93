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
WORKERS ?= 3
# Several targets at once, each one's words in one piece where make knows how.
SIDE_BY_SIDE = $(MAKE) --no-print-directory --jobs 2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
PATHS = $(if $(ROOM),glede/$(ROOM),)
# What was compiled is kept, whatever the environment says: or each of some hundred processes compiles all of Glede.
unexport PYTHONDONTWRITEBYTECODE
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
	$(PIP) install --no-compile --require-hashes --requirement requirements/dev.txt
	@touch $@

$(VENV)/.messages: $(PO) $(VENV)/.base
	@$(BIN)/glede messages compile
	@touch $@

$(VENV)/.assets: requirements/base.txt $(VENV)/.base
	@$(BIN)/glede assets
	@touch $@

.PHONY: setup setup-dev
setup: $(VENV)/.base $(VENV)/.messages $(VENV)/.assets ## make .venv with the `glede` command (Python 3.11+ with venv is all it needs)
setup-dev: $(VENV)/.dev setup ## the same, and the tools for building and testing

# ── run ───────────────────────────────────────────────────────────────────────────────────────────────────────────
.PHONY: run worker seed migrate shell
run: setup ## start Glede: database, web server and worker; prints the address
	@$(BIN)/glede run

worker: setup ## one more worker beside a running Glede
	@$(BIN)/glede worker

seed: setup ## build a believable practice, so that every page has life
	@$(BIN)/glede demo

migrate: setup ## bring the tables up to date
	@$(BIN)/glede db migrate

shell: setup ## Python with Django, on the same database
	@$(BIN)/python manage.py shell

# ── test: everything at depth 1 is the README's command and CI's ─────────────────────────────────────────────────
PYTEST := $(BIN)/python -m pytest

.PHONY: test test-fast test-one deep soak walks
test: chromium ## everything, in ten minutes: format, lint, types, layers, templates, migrations, docs, tests, walks
	@$(SIDE_BY_SIDE) check
	@$(PYTEST) --numprocesses $(WORKERS) --dist worksteal --quiet

test-fast: setup-dev ## tests without browser and kills, under a minute
	@$(PYTEST) --numprocesses $(WORKERS) --dist worksteal --quiet -m "not slow and not walk" $(PATHS)

test-one: setup-dev ## one test: make test-one t=glede/diary/tests/test_rules.py
	@$(PYTEST) --verbose $(t)

deep: setup-dev chromium ## ten times as deep, by hand, within the hour: make deep ROOM=outbox
	@DEPTH=10 $(PYTEST) --timeout 1800 --numprocesses $(WORKERS) --dist worksteal --quiet $(PATHS)

soak: setup-dev chromium ## a hundred times as deep: leave it over night
	@DEPTH=100 $(PYTEST) --timeout 0 --numprocesses $(WORKERS) --dist worksteal --quiet $(PATHS)

walks: setup-dev chromium ## the browser's walks alone
	@$(PYTEST) --quiet -m walk tests/walks

.PHONY: checklist
SIZE ?= full
checklist: setup-dev chromium ## the fifty points, each measured: figure and verdict (SIZE=small: sooner, smaller)
	@GLEDE_TEST_CHECKLIST=$(SIZE) $(PYTEST) --quiet --no-header --no-summary tests/checklist -k what_exists

.PHONY: screens
screens: setup-dev chromium ## pictures of every page in every look, in var/screens, to be looked at
	@GLEDE_TEST_SCREENS=var/screens $(PYTEST) --quiet tests/walks/test_screens.py

.PHONY: pictures
pictures: setup-dev chromium ## the pictures of docs/desk.md, taken anew
	@GLEDE_TEST_PICTURES=docs/pictures $(PYTEST) --quiet tests/walks/test_pictures.py

# ── one tool each ─────────────────────────────────────────────────────────────────────────────────────────────────
.PHONY: check format format-check lint types layers templates migrations deployable words
check: types format-check lint layers templates migrations deployable words ## every check that is not a test

format: setup-dev ## put code into its form
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix . || true

format-check: setup-dev ## check that code is in its form
	@$(BIN)/ruff format --quiet --check .

lint: setup-dev ## find what is likely wrong
	@$(BIN)/ruff check --quiet .

types: setup-dev ## check types, strictly
	@$(BIN)/mypy glede tests conftest.py

layers: setup-dev ## check that dependencies point down
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

templates: setup-dev ## check templates
	@$(BIN)/djlint --quiet --lint glede

migrations: setup-dev ## check that every model has its migration
	@GLEDE_TESTING=1 $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run --verbosity 0

deployable: setup-dev ## Django's own checks, as for a house on the open net
	@GLEDE_TESTING=1 GLEDE_HTTPS=yes $(BIN)/python manage.py check --deploy --fail-level WARNING

words: setup-dev ## check spelling, and that every word is translated
	@$(BIN)/codespell README.md docs glede scripts
	@$(BIN)/glede messages check > /dev/null || $(BIN)/glede messages check

# ── the rest ──────────────────────────────────────────────────────────────────────────────────────────────────────
.PHONY: chromium requirements audit where clean
chromium: ## a browser for the walks, from Debian where we may install it
	@scripts/chromium

requirements: setup-dev ## pin and hash what requirements/*.in ask for
	@cd requirements && for list in base dev; do ../$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --custom-compile-command "make requirements" $$list.in --output-file $$list.txt > /dev/null; done

audit: setup-dev ## known holes in what we depend on (asks the package index)
	@$(BIN)/pip-audit --require-hashes --requirement requirements/base.txt

where: ## every place of a feature: make where f=diary
	@find glede tests docs -path '*$(f)*' -type f -not -path '*/__pycache__/*' | sort

clean: ## remove what was made here, but no data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache build *.egg-info
