# ProctorWise from a shell. `make help` lists what can be asked for.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

# The rooms of the house, as far as they are built.
PACKAGES := $(wildcard schema workflows activities workers api ml)
TESTS ?= tests
PYTEST_ARGS ?=
# Two processes, each file in one of them: what a file starts (a server, say) is started once.
JOBS ?= 2

say = @printf '\033[1m==> %s\033[0m\n' $(1)

.PHONY: help
help: ## List the targets
	@echo "ProctorWise. Targets:"
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{ printf "  \033[36m%-16s\033[0m %s\n", $$1, $$2 }'

# --- Environments -------------------------------------------------------------------------------

.PHONY: setup
setup: $(VENV)/.installed ## Make .venv with everything pinned and hash-checked (again only when a lock changed)

$(VENV)/bin/uv: requirements/uv.txt
	$(call say,"Making $(VENV) with $(PYTHON)")
	@test -n "$(PYTHON)" || { echo "No python3 found. On Debian: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) --version). Name another with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "$(PYTHON) cannot make virtual environments. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --only-binary=:all: -r requirements/uv.txt
	@touch $@

# Compiled once here: every process of `make run` would otherwise compile 8,000 files each time it starts.
$(VENV)/.installed: requirements/dev.txt $(VENV)/bin/uv
	$(call say,"Installing requirements/dev.txt into $(VENV)")
	@$(BIN)/uv pip sync --compile-bytecode --python $(BIN)/python --require-hashes requirements/dev.txt
	@touch $@

REFERENCE := .venv-reference

.PHONY: reference
reference: $(REFERENCE)/.installed ## Make .venv-reference: MediaPipe's and Ultralytics' own runtimes (2.8 GB to fetch, 5 GB on disk)

# MediaPipe links libEGL and libGLESv2, also where it never draws.
.PHONY: reference-libraries
reference-libraries:
	@if ! { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q 'libGLESv2.so.2' \
	  || ! { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q 'libEGL.so.1'; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing libegl1 and libgles2, which MediaPipe links to"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq libegl1 libgles2 >/dev/null; \
	  else \
	    echo "MediaPipe needs libEGL and libGLESv2. On Debian, as root: apt-get install libegl1 libgles2" >&2; exit 1; \
	  fi; \
	fi

$(REFERENCE)/.installed: requirements/ml-reference.txt $(VENV)/bin/uv | reference-libraries
	$(call say,"Installing requirements/ml-reference.txt into $(REFERENCE)")
	@test -x $(REFERENCE)/bin/python || $(PYTHON) -m venv --without-pip $(REFERENCE)
	@$(BIN)/uv pip sync --python $(REFERENCE)/bin/python --require-hashes requirements/ml-reference.txt
	@touch $@

.PHONY: identity
identity: setup ## Add what compares faces with the identity photo (112 MB; only for exams that ask for it)
	$(call say,"Adding requirements/identity.txt to $(VENV)")
	@$(BIN)/uv pip install --python $(BIN)/python --require-hashes -r requirements/identity.txt

SPARK := .venv-spark
# What a job reads or writes stands under the settings' var_dir; both folders are import roots of the jobs.
SPARK_PYTHON = PYTHONPATH=$(CURDIR):$(CURDIR)/spark-jobs $(SPARK)/bin/python

.PHONY: spark
spark: $(SPARK)/.installed ## Make .venv-spark: Spark with its Python driver (500 MB; needs Java 17)

$(SPARK)/.installed: requirements/spark.txt $(VENV)/bin/uv
	$(call say,"Installing requirements/spark.txt into $(SPARK)")
	@command -v java >/dev/null || test -x "$${JAVA_HOME:-}/bin/java" || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing openjdk-17-jre-headless"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null; \
	  else \
	    echo "Spark needs Java 17. On Debian, as root: apt-get install openjdk-17-jre-headless" >&2; exit 1; \
	  fi; }
	@test -x $(SPARK)/bin/python || $(PYTHON) -m venv --without-pip $(SPARK)
	@$(BIN)/uv pip sync --python $(SPARK)/bin/python --require-hashes requirements/spark.txt
	@touch $@

AIRFLOW := .venv-airflow

.PHONY: airflow
airflow: $(AIRFLOW)/.installed ## Make .venv-airflow: Airflow with its providers (640 MB)

$(AIRFLOW)/.installed: requirements/airflow.txt $(VENV)/bin/uv
	$(call say,"Installing requirements/airflow.txt into $(AIRFLOW)")
	@test -x $(AIRFLOW)/bin/python || $(PYTHON) -m venv --without-pip $(AIRFLOW)
	@$(BIN)/uv pip sync --compile-bytecode --python $(AIRFLOW)/bin/python --require-hashes requirements/airflow.txt
	@touch $@

# One resolution, for the Python and the platform that are tested; the hashes cover the other platforms' wheels.
LOCK := --quiet --python-version 3.11 --python-platform x86_64-manylinux_2_28 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links

.PHONY: lock
lock: $(VENV)/bin/uv ## Resolve requirements/*.in again into the hashed *.txt
	$(call say,"Locking requirements")
	@for group in uv core runtime full dev identity ml-reference spark airflow; do \
	  echo "requirements/$$group.txt"; \
	  overrides=$$(ls requirements/$$group.overrides 2>/dev/null || true); \
	  $(BIN)/uv pip compile $(LOCK) $${overrides:+--override $$overrides} requirements/$$group.in -o requirements/$$group.txt; \
	done

# --- Running ------------------------------------------------------------------------------------

.PHONY: models
models: setup ## Fetch the face model, and take or export the YOLO model
	$(call say,"Models")
	@$(BIN)/python -m ml.models

.PHONY: run
run: setup models ## Start everything embedded: Temporal, API, workers (Ctrl-C stops it)
	$(call say,"Starting ProctorWise")
	@exec $(BIN)/python -m workers run

.PHONY: migrate
migrate: setup ## Bring the databases to the newest schema
	$(call say,"Migrating")
	@$(BIN)/python -m workers migrate

.PHONY: demo
demo: setup models ## Drive one real exam through the public interface
	$(call say,"Demo")
	@$(BIN)/python -m api.demo

.PHONY: jobs
jobs: setup spark migrate ## Run the three batch jobs for DATE=YYYY-MM-DD, its week and its month
	@[[ "$(DATE)" =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$$ ]] || { echo "Name a day: make jobs DATE=2026-11-22" >&2; exit 2; }
	$(call say,"Jobs of $(DATE)")
	@for job in daily_anomaly_aggregation weekly_grade_analytics monthly_user_performance; do \
	  $(SPARK_PYTHON) spark-jobs/batch/$$job.py "$(DATE)"; \
	done

.PHONY: stream
stream: setup spark ## Take events from Kafka to the lake until Ctrl-C (STREAM=--available-now: what is there)
	$(call say,"Streaming from Kafka to the lake")
	@SPARK_KAFKA_JARS="$${SPARK_KAFKA_JARS:-$$($(BIN)/python -m workers stack jars spark)}" \
	  exec env $(SPARK_PYTHON) spark-jobs/streaming/kafka_to_lake.py $(STREAM)

# --- The engines of the full platform, natively ---------------------------------------------------

.PHONY: stack-up
stack-up: setup $(filter airflow spark,$(or $(ENGINES),airflow spark)) ## Start Galera, Kafka, HDFS, Spark, mail, Temporal and Airflow on loopback (ENGINES="galera kafka" for some)
	$(call say,"Starting the stack")
	@$(BIN)/python -m workers stack up $(ENGINES)

.PHONY: stack-down
stack-down: ## Stop them; their data stays under var/stack/
	@$(BIN)/python -m workers stack down

.PHONY: stack-status
stack-status: ## Each part of the stack: whether it answers, and how to reach it
	@$(BIN)/python -m workers stack status

.PHONY: demo-stack
demo-stack: setup models ## `make demo` with the product on the running stack
	$(call say,"Demo on the stack")
	@settings=$$($(BIN)/python -m workers stack env) && eval "$$settings" && $(BIN)/python -m api.demo

# --- Measuring ----------------------------------------------------------------------------------

.PHONY: train
train: setup reference ## Fine-tune YOLO on DATA (Ultralytics' format), export int8 and register it (TRAIN_ARGS="--base yolo11n.pt --epochs 50")
	@test -n "$(DATA)" || { echo "Name a data set: make train DATA=folder with a data.yaml in it" >&2; exit 2; }
	$(call say,"Training on $(DATA)")
	@nice -n 10 $(BIN)/python -m workers models train $(DATA) $(TRAIN_ARGS)

.PHONY: evaluate
evaluate: setup models ## Precision, recall, false incidents and cost of detection (DATA=folder, EVALUATE_ARGS=--preset moderate)
	$(call say,"Evaluating detection")
	@nice -n 10 $(BIN)/python -m ml evaluate $(DATA) $(EVALUATE_ARGS)

SIZES ?= 1

.PHONY: bench-jobs
bench-jobs: setup spark ## The jobs by Spark, pandas and DuckDB on the same generated events (SIZES="1 10 50", millions)
	$(call say,"Jobs of $(SIZES) million events")
	@nice -n 19 $(SPARK_PYTHON) -m bench.jobs --sizes $(SIZES)

# --- Checking -----------------------------------------------------------------------------------

.PHONY: format
format: setup ## Format the code and fix what ruff can fix
	$(call say,"Formatting")
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: check
check: setup ## Format, lint, types and import contracts
	$(call say,"Format")
	@$(BIN)/ruff format --check .
	$(call say,"Lint")
	@$(BIN)/ruff check .
	$(call say,"Types")
	@$(BIN)/mypy $(PACKAGES) tests
	$(call say,"Import contracts")
	@$(BIN)/lint-imports

# The product tests start whole products and kill them, so they come last and alone.
APART := --ignore=tests/reference --ignore=tests/e2e --ignore=tests/stack --ignore=tests/spark

.PHONY: test
test: setup models ## Run the embedded tests (TESTS=…, PYTEST_ARGS=…, JOBS=0 for one process)
ifeq ($(TESTS),tests)
	$(call say,"Tests")
	@$(BIN)/python -m pytest tests $(APART) --ignore=tests/product \
		--numprocesses=$(JOBS) --dist=loadfile --no-loadscope-reorder $(PYTEST_ARGS)
	$(call say,"Tests of the whole product")
	@$(BIN)/python -m pytest tests/product $(PYTEST_ARGS)
else
	$(call say,"Tests")
	@$(BIN)/python -m pytest $(TESTS) $(APART) --numprocesses=$(JOBS) --dist=loadfile $(PYTEST_ARGS)
endif

.PHONY: test-reference
test-reference: setup models reference ## Compare our detectors with the vendors' own runtimes
	$(call say,"Tests against the reference runtimes")
	@YOLO_OFFLINE=true YOLO_AUTOINSTALL=false YOLO_CONFIG_DIR=$(CURDIR)/$(REFERENCE)/settings \
		$(REFERENCE)/bin/python -m pytest tests/reference $(PYTEST_ARGS)

# Small data: a JVM that compiles little and collects in one thread is done sooner.
TERSE_JVM := JAVA_TOOL_OPTIONS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

.PHONY: test-spark
test-spark: setup spark ## Types and tests of the Spark jobs, in their own environment
	$(call say,"Types of the Spark jobs")
	@MYPYPATH=spark-jobs $(SPARK)/bin/mypy spark-jobs/batch spark-jobs/streaming $(wildcard tests/spark/*.py)
	$(call say,"Tests of the Spark jobs")
	@$(TERSE_JVM) $(SPARK_PYTHON) -m pytest tests/spark --timeout=600 $(PYTEST_ARGS)

.PHONY: test-stack
test-stack: setup models airflow spark ## Start the real engines, use them, break them, stop them (see docs/stack.md)
	$(call say,"Tests on the real engines")
	@$(BIN)/python -m pytest tests/stack $(PYTEST_ARGS)

SCREENS := tests/e2e/node_modules

# The type checker and axe-core come from the npm registry by their hashes; nothing of it is served.
$(SCREENS)/.installed: tests/e2e/package-lock.json
	$(call say,"Installing what checks the screens")
	@command -v npm >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq npm >/dev/null; \
	  else \
	    echo "npm is missing. On Debian, as root: apt-get install npm" >&2; exit 1; \
	  fi; }
	@cd tests/e2e && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing chromium"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	  else \
	    echo "Chromium is missing. On Debian, as root: apt-get install chromium" >&2; exit 1; \
	  fi; }

.PHONY: e2e
e2e: setup models chromium $(SCREENS)/.installed ## Types of the screens' modules, and their tests in a real Chromium
	$(call say,"Types of the screens")
	@$(SCREENS)/.bin/tsc -p tests/e2e/tsconfig.json
	$(call say,"Tests in Chromium")
	@$(BIN)/python -m pytest tests/e2e $(PYTEST_ARGS)

.PHONY: tour
tour: setup models chromium ## Walk through a product of its own and picture every screen into docs/tour/ and docs/tour.md
	$(call say,"Tour of the screens")
	@$(BIN)/python -m tests.e2e.tour

# --- Housekeeping -------------------------------------------------------------------------------

.PHONY: clean
clean: ## Remove environments and caches (never var/ or models/)
	$(call say,"Removing environments and caches")
	@rm -rf $(VENV) .venv-* $(SCREENS) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis htmlcov
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
