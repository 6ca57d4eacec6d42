# `make repro` and `make test` are all that a fresh machine needs (git, make, Python 3.10-3.13 with venv).
# An old pip will do (23.0.1 is tried in CI); uv is used where it is installed. Every command runs the interpreter of .venv by its path, so that no other Python on PATH can step in.
PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
BROWSER := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
INSTALL := $(if $(UV),"$(UV)" pip install --python "$(BIN)/python" --quiet,"$(BIN)/python" -m pip install -qq --disable-pip-version-check) --require-hashes -r
# what reads, writes, loads and splits: 95 % of its branches are reached by tests
DOORS := pipeline/base/*,pipeline/text/*,pipeline/gold/labels.py,pipeline/model/artefact.py,pipeline/weak/loading.py
export PATH := $(BIN):$(PATH)
export PYTHONHASHSEED := 0
export DVC_NO_ANALYTICS := 1
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.PHONY: help setup repro reader test bench lock sbom nightly clean

help:  ## show the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(VENV)/.installed  ## make .venv with everything pinned

repro: $(VENV)/.installed  ## run the pipeline on the articles in data/raw
	@git rev-parse --git-dir >/dev/null 2>&1 || { echo "No git repository here: DVC is set to work without one."; "$(BIN)/dvc" config --local core.no_scm true; }
	@"$(BIN)/python" -c "import json; json.load(open('.dvc/tmp/rwlock'))" 2>/dev/null || rm -f .dvc/tmp/rwlock  # DVC was killed as it wrote it, and would refuse
	@"$(BIN)/dvc" repro --quiet
	@echo "Report: $(CURDIR)/reports/index.html"

reader: $(VENV)/.installed  ## train a reader: make reader LABELS="labels.jsonl ..." (docs/reader.md)
	@test -n "$(LABELS)" || { echo 'Say what to learn from: make reader LABELS="labels.jsonl" (docs/reader.md)'; exit 2; }
	"$(BIN)/python" -m pipeline train-reader $(LABELS) --checkpoint models/reader.state

test: $(VENV)/.installed-test  ## lint, types, tests
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/mypy"
	"$(BIN)/pytest" -n 2

bench: $(VENV)/.installed-test  ## side-by-side measurements (see benchmarks/README.md)
	"$(BIN)/python" benchmarks/label_models.py && "$(BIN)/python" benchmarks/lf_casting.py && "$(BIN)/python" -m benchmarks.prediction

sbom: $(VENV)/.installed-nightly  ## write sbom.json: what the pipeline is made of (CycloneDX)
	@"$(BIN)/cyclonedx-py" requirements requirements.lock --pyproject pyproject.toml --output-reproducible --of JSON -o sbom.json
	@echo "$(CURDIR)/sbom.json"

nightly: $(VENV)/.installed-nightly sbom  ## what takes long: security lint, everything in random order, kills, mutants of the core
	"$(BIN)/bandit" -q -r pipeline -c pyproject.toml --severity-level medium
	"$(BIN)/pytest" -n 2 --cov=pipeline --cov-branch --cov-report=
	"$(BIN)/coverage" json -q -o - --include="$(DOORS)" | "$(BIN)/python" -m tests.gates branches
	"$(BIN)/pytest" -m nightly
	"$(BIN)/mutmut" run --max-children 2
	"$(BIN)/mutmut" results --all true | "$(BIN)/python" -m tests.gates mutants

lock: $(VENV)/.installed-test  ## pin again what pyproject.toml asks for (needs uv)
	uv pip compile --upgrade --no-strip-extras --generate-hashes --no-header --universal --python-version 3.10 --extra test pyproject.toml -o requirements-test.lock
	uv pip compile --no-strip-extras --generate-hashes --no-header --universal --python-version 3.10 pyproject.toml -c requirements-test.lock -o requirements.lock
	uv pip compile --no-strip-extras --generate-hashes --no-header --universal --python-version 3.10 --extra nightly pyproject.toml -c requirements-test.lock -o requirements-nightly.lock
	sed -i 's/\[html-clean\]/[html_clean]/' requirements*.lock  # as trafilatura spells it: pip 23.0 takes them for two

clean:  ## remove .venv and what the stages left
	rm -rf $(VENV) models/*.joblib models/*.json data/labeled/*.parquet data/labeled/*.joblib

# pip byte-compiles as it installs, uv does not: the first run after uv is slower once
$(VENV)/.installed: requirements.lock pyproject.toml
	@test -x "$(BIN)/python" || $(if $(UV),$(UV) venv --quiet --python $(PYTHON) $(VENV),$(PYTHON) -m venv $(VENV))
	@echo "Installing $$(grep -c '==' requirements.lock) pinned packages into $(VENV) (a minute or two) ..."
	@$(INSTALL) requirements.lock
	@"$(BIN)/python" -c "import site, pathlib; pathlib.Path(site.getsitepackages()[0], 'stance-project.pth').write_text(pathlib.Path.cwd().as_posix() + chr(10))"
	@printf '#!/bin/sh\nexec "%s/python" -I -m pipeline "$$@"\n' "$(BIN)" > "$(BIN)/stance" && chmod +x "$(BIN)/stance"
	@touch $@

$(VENV)/.installed-test: requirements-test.lock $(VENV)/.installed
	@echo "Installing the test tools ..."
	@$(INSTALL) requirements-test.lock
	@test -n "$(BROWSER)" || { test "$$(id -u)" = 0 && apt-get install -y -qq chromium >/dev/null 2>&1; } || echo "No chromium here: the pages are not tried in a browser (apt install chromium)"
	@touch $@

$(VENV)/.installed-nightly: requirements-nightly.lock $(VENV)/.installed-test
	@echo "Installing what the nightly checks need ..."
	@$(INSTALL) requirements-nightly.lock
	@touch $@
