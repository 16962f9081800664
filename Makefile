# `make` lists the targets. Everything runs on Debian or Ubuntu, as root or with sudo.
.DEFAULT_GOAL := help
.PHONY: help install demo lab-up lab-down check static test lock clean

PYTHON := .venv/bin/python

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: ## get what is missing: system packages, the Python environment
	@scripts/install

demo: install ## start Asterisk and ccd, place real calls, show what happens; it stays up
	@scripts/demo

lab-up: install ## start Asterisk and ccd with the demo configuration, agents signed in
	@scripts/lab up --sign-in

lab-down: ## stop them
	@scripts/lab down

check: static ## the quick part: format, lint, types, spelling, unit tests
	@echo "== unit tests"
	@$(PYTHON) -m pytest -q -n auto tests/unit

static: install # format, lint, types, spelling
	@echo "== format, lint, types, spelling"
	@$(PYTHON) -m ruff format --check --quiet .
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m mypy ccd
	@$(PYTHON) -m codespell_lib

test: static ## everything: check, then all tests, with a real Asterisk and real telephones
	@echo "== unit tests, databases, scripted peers"
	@$(PYTHON) -m pytest -q -n auto tests/unit tests/migration tests/integration
	@echo "== a real Asterisk and real telephones: three labs side by side, each for whole files"
	@$(PYTHON) -m pytest -q -n 3 --dist loadfile tests/asterisk

lock: install ## renew requirements/dev.txt from pyproject.toml, every package pinned by its hashes
	@command -v uv >/dev/null || $(PYTHON) -m pip install --quiet uv
	@PATH="$$PATH:.venv/bin" uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --no-annotate --all-extras --upgrade \
	    --output-file requirements/dev.txt pyproject.toml

clean: ## stop the lab and remove what can be made again
	@scripts/lab down
	@rm -rf .lab .cache .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
