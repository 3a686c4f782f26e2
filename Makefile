# Two commands for a fresh machine: `make demo` and `make test`. Everything lives in .venv.

PYTHON ?= python3
MUSIC ?=
VENV := .venv
BIN := $(VENV)/bin
REFERENCE := .venv-reference
MUSICNN := musicnn==0.1.0
JOBS ?= 2
SEED ?= 0
N ?= 2000

.PHONY: demo test test-slow fuzz reference pipelines lint format clean

demo: $(VENV)/installed
	$(BIN)/essentialist demo demo --command $(BIN)/essentialist $(if $(MUSIC),--music "$(MUSIC)")

test: $(VENV)/tested
	$(BIN)/python -m pytest -n $(JOBS) -m "not slow"

test-slow: $(VENV)/tested
	$(BIN)/python -m pytest -m slow

fuzz: $(VENV)/tested
	SEED=$(SEED) N=$(N) $(BIN)/python -m pytest -m slow tests/test_fuzz.py

reference: $(REFERENCE)/ready

lint: $(VENV)/linted
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: $(VENV)/linted
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:
	rm -rf $(VENV) $(REFERENCE) .venv-librosa .venv-bliss demo

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

# What the package is compared with: essentia-tensorflow takes the place of essentia, so it lives by itself.
$(REFERENCE)/ready: pyproject.toml
	$(PYTHON) -m venv $(REFERENCE)
	$(REFERENCE)/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(REFERENCE)/bin/python -m pip install --quiet --group reference
	$(REFERENCE)/bin/python -m pip download --quiet --no-deps --dest $(REFERENCE) $(MUSICNN)
	touch $@

# What benchmarks/pipelines.py compares with, each in an environment of its own.
pipelines: reference .venv-librosa/ready .venv-bliss/ready

.venv-%/ready: pyproject.toml
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(@D)/bin/python -m pip install --quiet --group pipeline-$*
	touch $@
