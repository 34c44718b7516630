# Stadtfunk: `make help` says what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON := .venv/bin/python
UV := .tools/bin/uv
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := 1

.PHONY: help setup demo test bench pins fuzz texts image

help: ## print this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 14

setup: .venv/.dev ## install everything the checks and the program need, into this folder
	@scripts/chromium >/dev/null

demo: .venv/.run ## start the demo: a chat workspace, the assistant and the public site on this machine
	@$(PYTHON) bot.py demo $(ARGS)

test: setup ## run every check: format, lint, types, import rules, all tests
	@scripts/test

bench: .venv/.dev ## measure speed against the named baselines and print the table
	@$(PYTHON) -m benchmarks $(NAME) $(ARGS)

pins: $(UV) ## bring the pinned, hashed requirements up to date with pyproject.toml
	@scripts/pins

fuzz: .venv/.dev ## give the readers of sources broken documents for a minute
	@scripts/fuzz

texts: .venv/.dev ## collect the English sentences into the catalogues
	@scripts/texts

image: .venv/.dev ## lint the Dockerfile and run its own install and start steps in an empty folder
	@scripts/image

.venv/.run: requirements/run.txt $(UV) | .venv/bin/python
	@$(UV) pip install --quiet --require-hashes -r requirements/run.txt
	@touch $@

.venv/.dev: requirements/dev.txt $(UV) | .venv/bin/python
	@$(UV) pip sync --quiet --require-hashes requirements/dev.txt
	@touch .venv/.run $@

.venv/bin/python: | $(UV)
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Stadtfunk needs Python 3.11 or newer; python3 here is $$(python3 -V)." >&2; exit 1; }
	@$(UV) venv --quiet --python "$$(command -v python3)" .venv

$(UV): requirements/tools.txt
	@scripts/tools
	@touch $@
