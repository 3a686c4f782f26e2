# Two commands for a fresh machine: `make demo` and `make test`. Everything lives in .venv.

PYTHON ?= python3
MUSIC ?=
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2
SEED ?= 0
N ?= 2000

.PHONY: demo test test-slow fuzz lint format clean benchmark-environments

demo: $(VENV)/installed
	$(BIN)/essentialist demo demo --command $(BIN)/essentialist $(if $(MUSIC),--music "$(MUSIC)")

test: $(VENV)/tested
	$(BIN)/python -m pytest -n $(JOBS) -m "not slow"

test-slow: $(VENV)/tested
	$(BIN)/python -m pytest -m slow

fuzz: $(VENV)/tested
	SEED=$(SEED) N=$(N) $(BIN)/python -m pytest -m slow tests/test_fuzz.py

lint: $(VENV)/linted
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

format: $(VENV)/linted
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# What benchmarks/pipelines.py compares with, each in an environment of its own.
benchmark-environments: .venv-reference/installed .venv-librosa/installed .venv-bliss/installed

.venv-reference/installed: PACKAGES := "essentia-tensorflow>=2.1b6.dev1389,<2.2"
.venv-librosa/installed: PACKAGES := "librosa>=0.11,<0.12" "onnxruntime>=1.20,<2"
.venv-bliss/installed: PACKAGES := "bliss-audio>=0.2,<0.3"
.venv-%/installed:
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet $(PACKAGES)
	touch $@

clean:
	rm -rf $(VENV) .venv-* demo

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
