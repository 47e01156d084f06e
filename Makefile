# Everything runs from .venv, which `setup` fills from the lock alone.

PYTHON ?= python3
ARTICLE ?= samples/ferry.txt
OUT ?= out
VENV := .venv
BIN := $(VENV)/bin

# Data stays in this folder: remove `data` to start over.
export OUTSPOKEN_DATA ?= $(CURDIR)/data
export OUTSPOKEN_CACHE ?= $(CURDIR)/data/cache

.PHONY: help setup narrate serve test trial trial-image lint format lock clean

help: ## Show this list.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/ready ## Install everything into .venv.

$(VENV)/ready: requirements-dev.lock pyproject.toml
	@echo "Setting up .venv (about 800 MB, a minute or two) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Outspoken needs Python 3.11 or newer; set PYTHON=python3.x"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "  installing what requirements-dev.lock pins, checked by hash ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements-dev.lock
	@echo "  installing Outspoken itself ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps \
	  --no-build-isolation -e .
	@touch $@
	@echo "  done."

narrate: setup ## Narrate ARTICLE (default: a sample) into an MP3 in OUT.
	@$(BIN)/outspoken narrate "$(ARTICLE)" --output "$(OUT)/"

serve: setup ## Run the whole service on this machine; Ctrl-C ends it.
	@$(BIN)/outspoken serve

test: setup ## Run the tests.
	@$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder

trial: setup ## Run the trials at full size; they need chromium and its driver.
	@$(BIN)/pytest -m trial

trial-image: setup ## Build the image and run its services; needs root, no Docker.
	@$(BIN)/pytest -m image tests/trials/test_image.py

lint: setup ## Check style, types, imports and documents.
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup ## Apply automatic fixes.
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

lock: ## Pin the dependencies again (needs uv).
	uv pip compile pyproject.toml --universal --generate-hashes \
	  --no-emit-index-url --no-header --quiet -o requirements.lock
	uv pip compile pyproject.toml --group dev --universal --generate-hashes \
	  --no-emit-index-url --no-header --quiet -o requirements-dev.lock

clean: ## Remove .venv and caches; narrations stay.
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
