# Ravine: every verb of a checkout. `make` or `make help` lists them. Python 3.11+ and make are all that `make run` needs.

PORT   ?= $(or $(RAVINE_PORT),8000)
PYTHON ?= python3
# More arguments for pytest or bench: make test ARGS="-k momentum"
ARGS   ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
export PYTHONUTF8 = 1

.DEFAULT_GOAL := help
.PHONY: help run test bench lint format schema pictures lock clean
.PHONY: node lint-format lint-style lint-imports lint-types lint-page lint-schema

# List the verbs
help:
	@awk '/^# / { text = substr($$0, 3); next } \
	      /^[a-z]+:/ && text { sub(/:.*/, ""); printf "  make %-9s %s\n", $$0, text } { text = "" }' Makefile

# Start the app on PORT (8000), setting up what is missing; Ctrl-C stops it
run: .venv/run.stamp
	@exec $(BIN)/ravine serve --port $(PORT)

# In order, so that each worker has one browser for all files of the browser's, and finds the compiler's cache filled;
# and one worker more than there are cores, since who waits for a page leaves its core to another.
# Run every test, the browser's too, setting up what is missing; more arguments for pytest in ARGS
test: .venv/test.stamp
	@$(with_browser) $(BIN)/pytest -n $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )) --dist loadfile --no-loadscope-reorder $(ARGS)

# Measure Ravine against its peers and print the table of ratios
bench: .venv/test.stamp
	@$(with_browser) $(BIN)/python -m bench $(ARGS)

# Check format, style, imports, types, and that the page's types are the server's
lint: lint-format lint-style lint-imports lint-types lint-page lint-schema

# Put Python and the page's files into the project's format
format: .venv/lint.stamp node
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	npx --no-install prettier --write static

# Write static/schema.d.ts, the page's types, from the server's OpenAPI
schema: .venv/run.stamp node
	$(generate) --output static/schema.d.ts

# Draw the pictures of the documentation again
pictures: .venv/test.stamp
	@$(with_browser) $(BIN)/python -m docs.pictures

# Pin the versions in requirements/*.in with hashes; make lock UPGRADE=1 takes the newest of all
lock: .venv-lock/stamp
	$(compile) -o requirements/run.txt requirements/run.in requirements/build.in
	$(compile) -c requirements/run.txt -o requirements/test.txt requirements/test.in
	$(compile) -c requirements/run.txt -c requirements/test.txt -o requirements/lint.txt requirements/lint.in
	@! grep -n -E '://|^-|[ =]/' requirements/*.txt || { echo "A lock must not say where its packages came from"; exit 1; }

# Remove what the other verbs made
clean:
	rm -rf .venv .venv-lock node_modules build ravine.egg-info .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find core app tests bench docs -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# --- below: what the verbs stand on ---

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Ravine needs Python 3.11 or newer, and there is no '$(PYTHON)' here. Name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Ravine needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Name a newer one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make virtual environments (on Debian and Ubuntu: apt install python3-venv)"; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv

# A stamp is newer than the lock that it was installed from, so nothing is installed twice.
.venv/run.stamp: requirements/run.txt pyproject.toml | .venv/bin/python
	@echo "Installing what Ravine runs on (once; about 800 MB on disk)"
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test.stamp: requirements/test.txt .venv/run.stamp
	@echo "Installing what the tests need"
	@$(PIP) install --require-hashes -r requirements/run.txt -r requirements/test.txt
	@touch $@

.venv/lint.stamp: requirements/lint.txt .venv/run.stamp
	@echo "Installing what the checks need"
	@$(PIP) install --require-hashes -r requirements/run.txt -r requirements/lint.txt
	@touch $@

node: node_modules/stamp

node_modules/stamp: package-lock.json
	@command -v npm >/dev/null || { echo "The checks of types and of the page need Node.js 20 or newer, with npm"; exit 1; }
	@npm ci --silent --no-audit --no-fund
	@touch $@

# What `make lint` is made of; .pre-commit-config.yaml calls the same targets.
lint-format: .venv/lint.stamp node
	$(BIN)/ruff format --check
	npx --no-install prettier --check static

lint-style: .venv/lint.stamp
	$(BIN)/ruff check

lint-imports: .venv/lint.stamp
	$(BIN)/lint-imports

lint-types: .venv/run.stamp node
	npx --no-install pyright

lint-page: node
	npx --no-install tsc

lint-schema: .venv/run.stamp node
	$(generate) --output .venv/schema.d.ts
	@diff -u static/schema.d.ts .venv/schema.d.ts || { \
		echo "static/schema.d.ts is not what the server says; write it again: make schema"; exit 1; }

# A default makes a field optional to whoever sends it, hence the flag.
generate = $(BIN)/ravine openapi > .venv/openapi.json && npx --no-install openapi-typescript .venv/openapi.json \
	--default-non-nullable false --root-types --root-types-no-schema-prefix --root-types-keep-casing

# The lock is made from the public index alone, on the oldest Python served: a machine's mirror, wheel folder or
# constraints must not decide what everybody gets.
.venv-lock/stamp: Makefile
	@python3.11 -m venv .venv-lock
	@.venv-lock/bin/python -m pip --quiet --disable-pip-version-check install pip-tools==7.6.2
	@touch $@

# Before a command that opens pages: a Chromium that starts, installed where there is none
with_browser = browser=$$(sh .ci/browser) || exit 1; echo "Browser: $$browser" >&2; RAVINE_BROWSER="$$browser"

compile = env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL -u PIP_INDEX_URL -u PIP_CONSTRAINT PIP_CONFIG_FILE=/dev/null \
	CUSTOM_COMPILE_COMMAND='make lock' .venv-lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host $(if $(UPGRADE),--upgrade)
