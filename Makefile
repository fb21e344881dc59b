# Every target is one line that calls one command. `make help` lists them.

PYTHON ?= python3
HW ?= hw0
GRADER = .venv/bin/python -m grader
READY = .venv/ready

.DEFAULT_GOAL := help
.PHONY: help setup check grade verify test lint bench doctor record experiment clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## make the environment (every other target does this when it is needed)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,experiments]'
	@touch $(READY)

check: $(READY)  ## for students: public checks on your work            [HW=hw0] [SUBMISSION=path] [ARGS=--pdb]
	@$(GRADER) check $(HW) $(if $(SUBMISSION),--submission '$(SUBMISSION)') $(ARGS)

grade: $(READY)  ## for TAs: grade a class, or the demonstration class  [HW=hw0] [SUBMISSIONS=folder] [OUT=folder]
	@$(GRADER) grade $(HW) $(if $(SUBMISSIONS),--submissions '$(SUBMISSIONS)') $(if $(OUT),--out '$(OUT)') $(ARGS)

verify: $(READY)  ## prove that the checks of every homework are sound
	@$(GRADER) verify $(ARGS)

test: lint verify  ## what CI runs: formatter, linter, types, proofs, then all tests
	@.venv/bin/python -m pytest

lint: $(READY)  ## formatter, linter and type checker
	@.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy

bench: $(READY)  ## measure cost against a fresh pytest per submission  [HW=hw0]
	@$(GRADER) bench $(HW) $(ARGS)

doctor: $(READY)  ## which layers of confinement this machine has, each tried for real
	@$(GRADER) doctor $(ARGS)

record: $(READY)  ## record the reference's answers to the public checks
	@$(GRADER) record $(HW)

experiment: $(READY)  ## run a homework's experiment on your work        [HW=hw0] [ARGS=--quick]
	@.venv/bin/python $(firstword $(wildcard assignments/$(HW)*/experiment.py)) $(ARGS)

clean:  ## remove what can be made again: results and cached answers of the references
	rm -rf results solutions/*/.cache .mypy_cache .ruff_cache
