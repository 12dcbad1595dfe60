# Two commands on a fresh machine, which needs Python 3.11 to 3.13 and make:
#   make run    the dashboard         make test   what the whole test suite needs, then all tests
# Besides: make install (only the virtual environment), make check (ruff and mypy).
# Another interpreter: make test PYTHON=python3.12

VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)

# Unless one is named: the interpreter of the virtual environment that is there, else the first that fits.
PYTHON ?= $(shell for python in $(BIN)/python python3 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1 \
	&& echo $$python && break; done)
ENVIRONMENT = $(or $(PYTHON),$(error No Python 3.11 to 3.13 was found. Install one, or name it: make run PYTHON=/path/to/python3)) \
	scripts/environment.py $(VENV) requirements.txt

.PHONY: run install test check
run: install
	$(BIN)/python -m streamlit run app.py

install:
	@$(ENVIRONMENT)

test:
	@$(ENVIRONMENT) requirements-dev.txt
	@browser=$$($(BIN)/python scripts/find_browser.py) && \
	postgresql=$$($(BIN)/python scripts/find_postgresql.py) && \
	CNN_DASH_TEST_BROWSER="$$browser" CNN_DASH_TEST_POSTGRESQL="$$postgresql" $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

check:
	@$(ENVIRONMENT) requirements-dev.txt
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
