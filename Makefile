# Two commands: `make run` opens Interviewer, `make test` runs every check. Both do all the
# set-up that is still missing, and nothing the second time.

PYTHON ?= python3
DEMO_DIR ?= demo-interview
# Recorded clips and their manifest.tsv for test-models; without, the project's own six are heard.
DATA ?=
# For example: make run PIP_ARGS="--extra-index-url <an index with CPU builds of torch>"
PIP_ARGS ?=

# Relative, so that a folder with a space in its name works; `make -C` goes there first.
VENV := .venv
STAMPS := .stamps
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PINNED := constraints.txt
APART := tests/commands tests/reports tests/store tests/training

# What Qt, PortAudio and the speech engine load at run time on Debian and Ubuntu, which has some
# of them under the same name with t64 behind it.
DEBS := python3-venv libportaudio2 libasound2-plugins libespeak-ng1 espeak-ng-data \
	libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 \
	libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1 libxrandr2 \
	fonts-dejavu-core

.DEFAULT_GOAL := help
.PHONY: help run demo test lint types contracts check test-models hooks clean

help:
	@echo "make run    set up what is missing and open Interviewer"
	@echo "make test   set up what is missing and run every check"
	@echo "make demo   hold the demo interview in $(DEMO_DIR)/, without a screen or a sound card"
	@echo "make test-models  compare transcripts with plain Whisper's, where weights are at hand"
	@echo "make hooks  run ruff before each commit"
	@echo "make clean  remove what the above made; recordings and settings stay"

run: $(STAMPS)/packages
	@$(BIN)/interviewer --or-demo "$(DEMO_DIR)"

demo: $(STAMPS)/packages
	@$(BIN)/interviewer demo --out "$(DEMO_DIR)"

test: $(STAMPS)/tools
	@echo "Running every check: style, types, contracts, tests. This usually takes 10 to 30 minutes."
	@$(MAKE) --no-print-directory lint types contracts check

lint: $(STAMPS)/tools
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(STAMPS)/tools
	@$(BIN)/mypy

contracts: $(STAMPS)/tools
	@$(BIN)/lint-imports

# The core's own tests reach every branch of it; to trace the others as well would take half as long again.
# Those that need neither a screen nor a sound server run side by side; the rest wait for real time, one after the other.
check: $(STAMPS)/tools
	@$(BIN)/python -m pytest -n auto tests/core --cov=interviewer/core --cov-report=
	@$(BIN)/coverage report --fail-under=100 --show-missing --skip-covered
	@$(BIN)/python -m pytest -n auto $(APART)
	@$(BIN)/python -m pytest --ignore=tests/core $(APART:%=--ignore=%)

test-models: $(STAMPS)/packages
	@$(BIN)/python benchmarks/accuracy.py $(if $(DATA),--data "$(DATA)")

hooks: $(STAMPS)/tools
	@$(BIN)/pre-commit install

clean:
	@rm -rf $(VENV) $(STAMPS) artefacts .mypy_cache .ruff_cache .pytest_cache

# --- set-up -----------------------------------------------------------------------------

$(STAMPS)/system: Makefile
	@mkdir -p $(STAMPS)
	@if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then \
		missing=; \
		for deb in $(DEBS); do \
			dpkg-query -W -f='$${Status}\n' $$deb $${deb}t64 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$deb"; \
		done; \
		if [ -n "$$missing" ]; then \
			sudo=; \
			if [ "$$(id -u)" != 0 ]; then \
				sudo=sudo; \
				echo "Interviewer needs these system packages, and sudo to install them:$$missing"; \
			else \
				echo "Installing system packages, usually under a minute:$$missing"; \
			fi; \
			$$sudo apt-get update -qq && \
			$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null || \
			{ echo "The system packages could not be installed. Install them by hand, then try again:$$missing" >&2; exit 1; }; \
		fi; \
	fi
	@touch $@

$(BIN)/python: | $(STAMPS)/system
	@echo "Making a virtual environment in .venv, usually a few seconds."
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || \
		{ echo "Interviewer needs Python 3.11, 3.12 or 3.13. Try: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "The virtual environment could not be made. On Debian: sudo apt install python3-venv" >&2; exit 1; }

$(STAMPS)/packages: pyproject.toml $(PINNED) $(STAMPS)/system | $(BIN)/python
	@echo "Installing Interviewer's packages (about 3 GB on disk), usually 2 to 10 minutes the first time."
	@$(PIP) install -q "pip>=25.1" -c $(PINNED)
	@$(PIP) install -q $(PIP_ARGS) -c $(PINNED) -e .
	@touch $@

$(STAMPS)/tools: $(STAMPS)/packages
	@echo "Installing the tools that the checks need, usually under a minute."
	@$(PIP) install -q $(PIP_ARGS) -c $(PINNED) --group dev
	@touch $@
