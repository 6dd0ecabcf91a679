# Every target sets up what it needs in .venv; .venv/bin/caigou works after any of them.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
WORKERS ?= 2
SHARED ?= ../shared/corpus

.PHONY: help demo test check bench eval lock clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

# One stamp a set of packages: installed again only when its pinned file or pyproject.toml changes.
$(VENV)/.base: requirements/build.txt requirements/base.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "caigou: Python 3.11 or newer is needed — call make with PYTHON=python3.11"; exit 1; }
	@echo "caigou: installing packages into $(VENV)" >&2
	@$(PIP) install --require-hashes -r requirements/build.txt
	@$(PIP) install --no-build-isolation --require-hashes -r requirements/base.txt
	@PYTHONWARNINGS=ignore $(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.base requirements/dev.txt
	@$(PIP) install --no-build-isolation --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/.base ## a constructed sample through the real pipeline, in its own workspace
	@$(BIN)/caigou demo

test: $(VENV)/.dev ## the whole test suite
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

check: $(VENV)/.dev ## lint, types, import contracts and tests: what must be green before a commit
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

bench: $(VENV)/.dev ## benchmarks; figures go to docs/performance.md
	@for f in benchmarks/*.py; do echo "== $$f"; $(BIN)/python $$f || exit 1; done

eval: $(VENV)/.dev ## evaluation tables on the corpus beside the checkout and on our own labels
	@$(BIN)/python benchmarks/eval/corpus.py $(SHARED)

lock: $(VENV)/.base ## compile the pinned requirements again
	@$(PIP) install uv
	@for set in "requirements/build.in:build" "pyproject.toml:base" "pyproject.toml --group dev -c requirements/base.txt:dev" "pyproject.toml --extra ocr -c requirements/base.txt:ocr" "pyproject.toml --extra cluster -c requirements/base.txt:cluster"; do \
	  $(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -q $${set%:*} -o requirements/$${set##*:}.txt || exit 1; done

clean: ## remove the environment and caches (not CAIGOU_HOME)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
