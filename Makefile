# The commands of a checkout. Everything is installed into .venv, which each target makes when it is missing;
# PYTHON chooses the interpreter that it is made with: `make test PYTHON=python3.13`.

PYTHON ?= python3
VENV := .venv
BENCH := .venv-bench
FUZZ := .venv-fuzz
MUTANTS := .venv-mutants
ORACLES := .venv-oracles
WEB := web/node_modules
FUZZ_SECONDS ?= 900
RUN := $(VENV)/bin/python -m
SEGDSL := --editable '.[yaml,sandbox,pydantic,sql,lsp,studio]'
MEASURED := --editable '.[lsp,sql]'
OWN_TESTS := tests/unit tests/snapshots tests/conformance tests/properties tests/remote tests/planning tests/guidance tests/authoring

# The tests start hundreds of processes, and each would compile segdsl anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test types deep coverage fuzz mutants bench oracles tables editors web docs docs-files docs-screen docs-pictures format release-check

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## create the example segments on a local server; needs no account
	@$(VENV)/bin/python examples/demo.py

test: $(VENV)/.installed-test ## lint and all tests, the architecture's contracts among them
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) pytest -q -n auto --dist worksteal

types: $(VENV)/.installed-test ## mypy over all code, and a second type checker over the public names
	$(RUN) mypy
	$(RUN) basedpyright --project tests/typing --pythonpath $(VENV)/bin/python

deep: $(VENV)/.installed-test ## the laws of the language, tried some hundred times as hard, and all pairs of create faults
	SEGDSL_HYPOTHESIS_PROFILE=deep $(RUN) pytest -q -n auto --dist worksteal --timeout=3600 tests/properties tests/remote/test_create_faults.py

coverage: $(VENV)/.installed-coverage ## every line and branch of the compiler and the sender is run by its own tests
	$(RUN) coverage run -m pytest -q $(OWN_TESTS) --deselect tests/properties/test_bounded.py
	$(RUN) coverage report

fuzz: $(FUZZ)/.installed ## search for texts and filters that break a law (FUZZ_SECONDS for each target)
	$(FUZZ)/bin/python fuzz/seeds.py $(FUZZ)/seeds
	@for target in texts filters; do \
		mkdir -p $(FUZZ)/found/$$target; \
		$(FUZZ)/bin/python fuzz/$$target.py -max_total_time=$(FUZZ_SECONDS) -timeout=10 -max_len=2000 -print_final_stats=1 \
			-dict=$(FUZZ)/seeds/words -artifact_prefix=$(FUZZ)/$$target- $(FUZZ)/found/$$target $(FUZZ)/seeds/$$target || exit 1; \
	done

mutants: $(MUTANTS)/.installed ## put small faults into the code and see whether the tests notice (PACKAGES="wire lowering", SAMPLE=300 for some)
	rm -rf mutants
	$(MUTANTS)/bin/python -m mutation $(PACKAGES) $(if $(SAMPLE),--sample $(SAMPLE))

bench: $(BENCH)/.installed ## measure segdsl against its peers; writes benchmarks/RESULTS.md (BENCH_ARGS=--quick: some parts, shown only)
	$(BENCH)/plain/bin/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps .
	$(BENCH)/bin/python -m benchmarks $(BENCH_ARGS) --plain $(BENCH)/plain

oracles: $(ORACLES)/.installed ## try SQL on MariaDB, ClickHouse, GoogleSQL and Spark; writes benchmarks/ORACLES.md (needs Java, mariadb-server)
	$(ORACLES)/bin/python -m benchmarks.oracles
	$(ORACLES)/bin/python examples/spark_count.py examples/segments.toml examples/users.parquet 2026-06-01

tables: $(VENV)/.installed-test ## make the parser's tables again, after a change of the grammar
	$(VENV)/bin/python segdsl/syntax/grammar.py

editors: ## check, build and pack the extension for VS Code into editors/vscode/dist; needs npm
	cd editors/vscode && npm ci --ignore-scripts --no-audit --no-fund && npm run --silent types && npm run --silent build
	$(PYTHON) editors/vscode/pack.py editors/vscode/dist/extension.js

web: $(WEB)/.package-lock.json ## build the page of the studio into segdsl/studio/page, after a change of web/; needs npm
	cd web && node_modules/.bin/tsc && node build.mjs ../segdsl/studio/page build/playground

docs: $(VENV)/.installed-docs $(WEB)/.package-lock.json ## build the site of docs/ into site/; a broken link is an error
	NO_MKDOCS_2_WARNING=1 $(RUN) mkdocs build --strict --quiet

docs-files: $(VENV)/.installed-diagrams ## make the pages and pictures of docs/ that come from the code
	PYTHONPATH=docs/tools $(RUN) docsgen

docs-screen: $(VENV)/.installed-test ## complete a word in a real Neovim and make the picture of it in docs/; needs nvim and tmux
	PYTHONPATH=docs/tools $(RUN) docsgen.neovim_session
	PYTHONPATH=docs/tools $(RUN) docsgen

docs-pictures: $(VENV)/.installed-test $(WEB)/.package-lock.json ## take the pictures of the playground in docs/; needs chromium
	PYTHONPATH=docs/tools $(RUN) playground_pictures

release-check: $(VENV)/.installed-release ## build wheel and sdist, check their contents, install each and try it
	$(RUN) release

format: $(VENV)/.installed-test ## fix what ruff can fix
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

# $(call install,VENV,WHAT) makes VENV if it is missing and installs WHAT into it; `--group` needs pip 25.1.
define install
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "segdsl needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
test -e $(1)/pyvenv.cfg || $(PYTHON) -m venv $(1)
$(1)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
$(1)/bin/python -m pip install --quiet --disable-pip-version-check $(2)
endef

$(BENCH)/.installed: pyproject.toml benchmarks/peers.txt
	$(call install,$(BENCH),$(MEASURED) --requirement benchmarks/peers.txt)
	$(call install,$(BENCH)/plain,.)
	@touch $@

$(FUZZ)/.installed: pyproject.toml
	$(call install,$(FUZZ),--editable . --group fuzz)
	@touch $@

$(MUTANTS)/.installed: pyproject.toml
	$(call install,$(MUTANTS),$(SEGDSL) --group mutants)
	@touch $@

$(ORACLES)/.installed: pyproject.toml
	$(call install,$(ORACLES),$(SEGDSL) --group oracles)
	@touch $@

$(WEB)/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

$(VENV)/.installed: pyproject.toml
	$(call install,$(VENV),$(SEGDSL))
	@touch $@

$(VENV)/.installed-%: pyproject.toml
	$(call install,$(VENV),$(SEGDSL) --group $*)
	@touch $@
