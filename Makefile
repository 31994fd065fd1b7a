# Works on a fresh machine with Python >= 3.11 and make. Everything is installed into .venv.
PYTHON  ?= python3
VENV    ?= .venv
WORKERS ?= auto
BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: help install demo test test-long check bench conformance clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# What a user needs, and what developers need besides.
$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python >= 3.11 is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --editable '.[report]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(PIP) --editable '.[dev]'
	@touch $@

install: $(VENV)/.installed-dev ## Create .venv and install the project with its development tools

demo: $(VENV)/.installed ## Backtest a moving average strategy on a seeded synthetic market
	@$(BIN)/barter demo

test: $(VENV)/.installed-dev ## Run the test suite on all cores, and see that coverage has not fallen
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --cov --cov-report=

test-long: $(VENV)/.installed-dev ## Run what takes minutes: recorded markets, an installation from a wheel
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m long

check: $(VENV)/.installed-dev ## Lint, type-check and verify the import contract
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pyright
	@$(BIN)/lint-imports

bench: $(VENV)/.installed-dev ## Print the performance table
	@$(BIN)/python -m benchmarks

TRACES ?= ../shared/conformance
conformance: $(VENV)/.installed-dev ## Compare with traces of the compiled Rust engine (TRACES=folder with run.py)
	@test -f $(TRACES)/run.py || { echo "no traces in $(TRACES): set TRACES=folder with run.py, engine/ and units/"; exit 1; }
	@$(BIN)/python $(TRACES)/run.py --adapter tests.conformance.adapter

clean: ## Remove everything that make created
	@rm -rf $(VENV) .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache demo-output build
