# Two commands on a machine with Python 3.11 or newer and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
FEATURETOOLS := $(VENV)/featuretools

.PHONY: help setup demo test test-slow test-oldest test-newest fuzz check bench bench-slow bench-scale bench-spark bench-featuretools clean

help:
	@echo "make demo       set up, then run the main job on a simulated world"
	@echo "make test       set up, then run the tests"
	@echo "make test-slow  fuzzing, kills, servers, Spark, the notebook"
	@echo "make test-oldest, make test-newest  the tests with the lowest and the newest libraries that are allowed"
	@echo "make fuzz       100,000 damaged inputs through the readers, for about an hour"
	@echo "make check      style, formatting, types, import contracts"
	@echo "make bench      benchmarks, with their references"
	@echo "make bench-slow the benchmark that refits 130 times"
	@echo "make bench-spark  the same list graded by this machine's cores and by Spark"
	@echo "make bench-scale  up to a million leads, beside DuckDB, pandas, Polars and Featuretools"

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("leadgrade needs Python 3.11 or newer: set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: setup
	rm -rf out/demo
	$(BIN)/leadgrade demo out/demo

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"

test-slow: setup $(VENV)/.spark
	$(BIN)/python -m pytest -n 2 --dist loadfile -m slow

# Apart from what the lock says: the libraries between which pyproject.toml leaves the choice.
test-oldest: $(VENV)/oldest/.ready
	$(VENV)/oldest/bin/python -m pytest -n 2 --dist loadfile -m "not slow"

test-newest: $(VENV)/newest/.ready
	$(VENV)/newest/bin/python -m pytest -n 2 --dist loadfile -m "not slow"

$(VENV)/oldest/.ready: RESOLUTION = lowest-direct
$(VENV)/newest/.ready: RESOLUTION = highest
$(VENV)/oldest/.ready $(VENV)/newest/.ready: $(READY)
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(@D)/bin/uv pip install --quiet --python $(@D)/bin/python --resolution $(RESOLUTION) --editable ".[dev]"
	@touch $@

# One part after the other, so that a part that ends says where.
fuzz: setup
	for first in 0 20000 40000 60000 80000; do \
	  PYTHONPATH=tests $(BIN)/python -m support.fuzz_readers --first $$first --inputs 20000 || exit 1; done

# Spark is an extra: only tests and benchmarks of engine: spark need it, and Java.
$(VENV)/.spark: $(READY) requirements-spark.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-spark.lock
	@touch $@

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: setup
	PYTHONPATH=tests $(BIN)/python -m benchmarks.demo_worlds
	PYTHONPATH=tests $(BIN)/python -m benchmarks.calibration
	PYTHONPATH=tests $(BIN)/python -m benchmarks.intents
	PYTHONPATH=tests $(BIN)/python -m benchmarks.hearing
	PYTHONPATH=tests $(BIN)/python -m benchmarks.label_styles
	PYTHONPATH=tests $(BIN)/python -m benchmarks.second_corpus
	PYTHONPATH=tests $(BIN)/python -m benchmarks.reasons
	PYTHONPATH=tests $(BIN)/python -m benchmarks.leaks
	PYTHONPATH=tests $(BIN)/python -m benchmarks.monitor
	PYTHONPATH=tests $(BIN)/python -m benchmarks.bpic_days
	PYTHONPATH=tests $(BIN)/python -m benchmarks.bpic_prefix
	PYTHONPATH=tests $(BIN)/python -m benchmarks.uci_quarters
	PYTHONPATH=tests $(BIN)/python -m benchmarks.shifted_rates
	PYTHONPATH=tests $(BIN)/python -m benchmarks.real_export
	PYTHONPATH=tests $(BIN)/python -m benchmarks.dialects
	PYTHONPATH=tests $(BIN)/python -m benchmarks.scale_features --leads 200000

bench-slow: setup
	PYTHONPATH=tests $(BIN)/python -m benchmarks.uci_rolling

# Worlds of up to 20 million calls are written once, to out/scale or the folder that LEADGRADE_SCALE names.
bench-scale: bench-featuretools
	PYTHONPATH=tests $(BIN)/python -m benchmarks.scale_features
	PYTHONPATH=tests $(BIN)/python -m benchmarks.scale_snapshots
	PYTHONPATH=tests $(BIN)/python -m benchmarks.scale_score
	PYTHONPATH=tests $(BIN)/python -m benchmarks.retrain

# Apart, since Python starts more slowly where Spark is installed.
bench-spark: setup $(VENV)/.spark
	PYTHONPATH=tests $(BIN)/python -m benchmarks.scale_score --leads 200000 --spark

# Featuretools asks for an environment of its own.
bench-featuretools: setup $(FEATURETOOLS)/.ready
	PYTHONPATH=tests $(BIN)/python -m benchmarks.scale_featuretools --python $(FEATURETOOLS)/bin/python

$(FEATURETOOLS)/.ready: tests/benchmarks/featuretools.txt
	$(PYTHON) -m venv $(FEATURETOOLS)
	$(FEATURETOOLS)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

clean:
	rm -rf $(VENV) out build *.egg-info
