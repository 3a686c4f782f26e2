# Two commands for a fresh machine: `make demo` and `make test`. Everything lives in .venv.

PYTHON ?= python3
MUSIC ?=
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

.PHONY: demo test test-slow lint format clean

demo: $(VENV)/installed
	$(BIN)/essentialist demo demo --command $(BIN)/essentialist $(if $(MUSIC),--music "$(MUSIC)")

test: $(VENV)/tested
	$(BIN)/python -m pytest -n $(JOBS) -m "not slow"

test-slow: $(VENV)/tested
	$(BIN)/python -m pytest -m slow

lint: $(VENV)/linted
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: $(VENV)/linted
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:
	rm -rf $(VENV) demo

$(VENV)/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "essentialist needs Python 3.10 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/tested: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --group test
	touch $@

$(VENV)/linted: $(VENV)/tested
	$(BIN)/python -m pip install --quiet --group lint
	touch $@
