# make play   set up and start the game
# make test   set up and pass the tests
# make check  what a change must pass besides: format, lint, types, imports, known vulnerabilities
# make lock   pin the newest versions that fit pyproject.toml in requirements.lock
#
# Needs only make and Python 3.11+ with venv. PYTHON=python3.12 picks another interpreter, VENV=folder
# another environment, TESTS="tests/game tests/vision" some of the tests. The tests run in one process a core.

PYTHON ?= python3
VENV ?= .venv
TESTS ?=
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

.PHONY: play test check lock clean

play: $(VENV)/play.stamp
	@$(BIN)/emotion-game

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n auto --dist loadfile $(TESTS)

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry emotion_game
	$(BIN)/python scripts/audit_dependencies.py

lock: $(VENV)/dev.stamp
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	  --all-extras --no-emit-package emotion-game --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV)

$(BIN)/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
	  echo "emotion_game needs Python 3.11 or newer; $(PYTHON) is older or missing. Install it, or name another: make play PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv" >&2; rm -rf $(VENV); exit 1; }

PIP := $(BIN)/python -m pip --disable-pip-version-check
# An environment of an older checkout may hold OpenCV's wheel with windows, whose files the headless one
# shares, or be left with half of either.
FORGET_OPENCV = $(PIP) uninstall -qq --yes opencv-python
MEND_OPENCV = $(BIN)/python -c "import cv2" 2>/dev/null || $(PIP) install --quiet \
  --force-reinstall --no-deps -c requirements.lock opencv-python-headless

$(VENV)/play.stamp: pyproject.toml requirements.lock | $(BIN)/python
	@echo "Setting up in $(VENV); the first time takes a minute or two."
	@$(FORGET_OPENCV)
	@$(PIP) install --quiet -c requirements.lock -e .
	@$(MEND_OPENCV)
	@touch $@

$(VENV)/dev.stamp: pyproject.toml requirements.lock | $(BIN)/python
	@echo "Setting up in $(VENV), TensorFlow too; the first time takes some minutes."
	@$(FORGET_OPENCV)
	@$(PIP) install --quiet -c requirements.lock -e ".[dev,train]"
	@$(MEND_OPENCV)
	@touch $@ $(VENV)/play.stamp
