# Two commands are all a newcomer needs: `make demo` and `make test`. Each sets up what it uses in .venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: e2e demo test setup lint types reference unit docs example github github-example wheel matrix conformance conformance-record ask mock-machine mutants links bench bench-quick bench-baseline bench-node bench-peers bench-sync bench-mock bench-startup bench-requests bench-suite bench-fixture bench-miss bench-isolation bench-openapi bench-clock bench-api bench-report bench-stateful bench-invariants bench-ui bench-devtools lock clean
.DEFAULT_GOAL := test

$(VENV)/.demo: requirements-demo.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "pytest-mockapi needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another with: make PYTHON=python3.12")'
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --no-deps --require-hashes -r requirements-demo.lock
	$(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements.lock $(VENV)/.demo
	$(PY) -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	touch $@

# a driver for a real browser, and what else only `make e2e` needs
$(VENV)/.e2e: requirements-e2e.lock $(VENV)/.dev
	$(PY) -m pip install --quiet --no-deps --require-hashes -r requirements-e2e.lock
	touch $@

# the peers of the benchmarks, which nothing else needs
$(VENV)/.bench: requirements-bench.lock $(VENV)/.dev
	$(PY) -m pip install --quiet --no-deps --require-hashes -r requirements-bench.lock
	touch $@

setup: $(VENV)/.dev

demo: $(VENV)/.demo
	$(PY) -m pytest -v examples/project_list

test: lint types unit docs example github wheel

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy
	$(BIN)/mypy --strict tools benchmarks conftest.py
	$(BIN)/mypy --strict docs/conftest.py
	$(BIN)/pyright
	$(PY) tools/verify_types.py

# query-core to compare with, where there is a Node; without one the tests that need it say so
reference:
	@if command -v npm >/dev/null 2>&1; then cd tests/conformance && { test -d node_modules || npm ci --silent --no-audit --no-fund; }; fi || echo "query-core could not be installed; the tests that compare with it will not run"

unit: $(VENV)/.dev reference
	$(PY) -m pytest -q -n auto --dist loadgroup tests
	$(PY) tests/parity/ledger.py

docs: $(VENV)/.dev
	$(PY) -m pytest -q docs README.md

# in a real browser and a real terminal, which are taken from Debian where they are missing
e2e: $(VENV)/.e2e
	$(PY) tools/e2e_programs.py
	$(PY) -m pytest -q -m e2e tests/e2e

example: $(VENV)/.dev
	$(PY) -m pytest -q examples/project_list
	cd examples/project_list && $(abspath $(BIN))/mypy --strict project_list
	$(PY) -m pytest -q examples/projects
	cd examples/projects && $(abspath $(BIN))/mypy --strict .

# a table of all of GitHub's API, and every answer that is documented for it; where npm can fetch the description
github: $(VENV)/.dev
	@if $(PY) examples/github_api/fetch_document.py; then $(MAKE) --no-print-directory github-example; fi

github-example:
	$(PY) -m query.api.generate examples/github_api/document/github.json -o examples/github_api/github_api/backend
	$(PY) -m pytest -q examples/github_api
	cd examples/github_api && $(abspath $(BIN))/mypy --strict github_api

wheel: $(VENV)/.dev
	$(PY) tools/wheel_test.py

# make conformance N=20000 SEED=1 FEATURES=core,retry LEVEL=events; without FEATURES each by itself and all together
N ?= 5000
LEVEL ?= behaviour
conformance: $(VENV)/.dev
	$(PY) tests/conformance/run.py --count $(N) --level $(LEVEL) $(if $(SEED),--seed $(SEED)) $(if $(FEATURES),--features $(FEATURES))

# what query-core does in a scenario of your own, and what query does: make ask SCENARIO=scenario.json
ask: $(VENV)/.dev reference
	$(PY) tests/conformance/ask.py $(SCENARIO)

# writes down what query-core does, for machines without Node; after a new feature, repair or version of it
conformance-record: $(VENV)/.dev
	$(PY) tests/conformance/run.py --record 500 --seed 2026

# the index of the mock compared with a scan, in random steps: make mock-machine STEPS=100000
STEPS ?= 10000
mock-machine: $(VENV)/.dev
	$(PY) tests/mockapi/test_registry_machine.py $(STEPS)

# how long the machine for query caches takes to find each planted bug: make mutants SEEDS=10
SEEDS ?= 3
mutants: $(VENV)/.dev
	$(PY) tests/mutants/figures.py --seeds $(SEEDS)

# Link headers compared with a naive reading of RFC 8288: make links HEADERS=100000
HEADERS ?= 10000
links: $(VENV)/.dev
	PYTHONPATH=tests/support $(PY) tests/api/test_link_header.py $(HEADERS)

# all benchmarks of the query cache: tables, benchmarks/results.md, docs/performance.md and its charts, in a quarter of an
# hour; with ONLY=fetch_hit,notify or WITHOUT=quick,peers,mocks it is a look that writes nothing
ROUNDS ?= 5
bench: $(VENV)/.bench reference
	$(PY) benchmarks/everything.py --rounds $(ROUNDS) --only "$(ONLY)" --without "$(WITHOUT)"

# what a change costs, free of noise: instructions, bytes and growth beside benchmarks/baseline.json; 3 % more fail
bench-quick: $(VENV)/.dev
	$(PY) benchmarks/quick.py

# after a change that is meant: what bench-quick compares with from now on, for this version of Python
bench-baseline: $(VENV)/.dev
	$(PY) benchmarks/quick.py --record

# the query cache beside TanStack Query on Node: make bench-node ROUNDS=3 ONLY=fetch_hit,notify
bench-node: $(VENV)/.dev reference
	$(PY) benchmarks/side_by_side.py --rounds $(ROUNDS) --only "$(ONLY)"

# the query cache beside what else a Python program could use
bench-peers: $(VENV)/.bench
	$(PY) benchmarks/python_peers.py --rounds $(ROUNDS) --only "$(ONLY)"

# what a call from another thread costs beside one in the loop
bench-sync: $(VENV)/.dev
	$(PY) benchmarks/sync_face.py

# what the mock costs, beside other mock libraries; each prints a table and says which goals are met
bench-mock: bench-startup bench-fixture bench-suite bench-miss bench-isolation bench-requests

bench-startup: $(VENV)/.dev
	$(PY) benchmarks/startup.py

bench-fixture: $(VENV)/.dev
	$(PY) benchmarks/fixture.py

bench-invariants: $(VENV)/.dev
	$(PY) benchmarks/invariants.py

# what the page of the devtools costs while it is open, for a viewer that never reads
bench-devtools: $(VENV)/.dev
	$(PY) benchmarks/devtools.py

bench-suite: $(VENV)/.dev
	$(PY) benchmarks/suite.py

bench-miss: $(VENV)/.dev
	$(PY) benchmarks/miss.py

bench-isolation: $(VENV)/.dev
	$(PY) benchmarks/isolation.py

# what the report of a large run costs: to write, and to open in a browser
bench-report: $(VENV)/.dev
	$(PY) benchmarks/report.py

# how many examples a second the machine for caches runs, beside one that does nothing
bench-stateful: $(VENV)/.dev
	$(PY) benchmarks/stateful.py

# what a request costs that is held against an OpenAPI description
bench-openapi: $(VENV)/.dev
	$(PY) benchmarks/openapi.py

# how long a suite of 300 tests takes that lets 1200 hours pass
bench-clock: $(VENV)/.dev
	$(PY) benchmarks/clock_suite.py

# what a generated table of some 960 endpoints costs to make, to import and to check
bench-api: $(VENV)/.dev
	$(PY) benchmarks/api_table.py

# from a write to the cache until a component shows it, in each framework that has the hooks
bench-ui: $(VENV)/.dev
	$(PY) benchmarks/ui_latency.py

bench-requests: $(VENV)/.dev
	$(PY) benchmarks/mocked_requests.py

matrix:
	$(PYTHON) tools/matrix.py

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra httpx2 --group demo --universal --generate-hashes --python-version 3.11 --no-annotate --no-header -q -o requirements-demo.lock
	$(BIN)/uv pip compile pyproject.toml --extra httpx2 --group dev --universal --generate-hashes --python-version 3.11 --no-annotate --no-header -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group e2e --constraints requirements.lock --universal --generate-hashes --python-version 3.11 --no-annotate --no-header -q -o requirements-e2e.lock
	$(BIN)/uv pip compile pyproject.toml --group bench --constraints requirements.lock --universal --generate-hashes --python-version 3.11 --no-annotate --no-header -q -o requirements-bench.lock

clean:
	rm -rf $(VENV) .venv-* build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
