# Needs make and Python 3.11 or newer; everything else is installed into .venv.

PORT ?= 8501
PYTHON = $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	"$$python" -E -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$python"; break; }; done)
RUN := .venv/bin/python -m

# What a reader's shell may set and what would install elsewhere, import elsewhere, or switch the assertions off.
unexport PYTHONHOME PYTHONPATH PYTHONSAFEPATH PYTHONSTARTUP PYTHONOPTIMIZE PYTHONWARNINGS PYTHONUSERBASE
unexport PIP_TARGET PIP_PREFIX PIP_ROOT PIP_USER PIP_DRY_RUN PIP_NO_DEPS PIP_PYTHON PIP_REQUIREMENT PIP_CONSTRAINT
unexport PYTEST_ADDOPTS MYPYPATH

.PHONY: help app test parity bench mutants pictures clean

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F '|' '{printf "%-14s %s\n", $$1, $$2}'

app: .venv/app  ## install what is needed, then start the app on PORT (8501)
	@$(RUN) streamlit run app.py --server.port=$(PORT)

test: .venv/test  ## check format, style and types, then run every test (installs a Chromium if there is none)
	$(RUN) tests.browser_setup
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy
	$(RUN) pytest

parity: .venv-parity/stamp  ## compare every option with PyTorch, Keras and JAX (downloads them once: see the README)
	@.venv-parity/bin/python -m tests.parity

bench: .venv/test  ## compare the speed with the bars that were set
	$(RUN) benchmarks

mutants: .venv/test  ## plant typical mistakes in the core and see which test notices each
	$(RUN) tests.mutants

pictures: .venv/test  ## take the pictures of the README again
	$(RUN) tests.browser_setup
	$(RUN) docs.pictures

clean:  ## delete .venv, .venv-parity and every cache
	rm -rf .venv .venv-parity .hypothesis .mypy_cache .pytest_cache .ruff_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with: make app PYTHON=/path/to/it"; exit 1; }
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; exit 1; }

# A stamp is written last, so an interrupted installation is taken up again.
.venv/app: requirements.txt | .venv/bin/python
	@echo "Installing what the app needs into .venv: about a minute, once."
	@$(RUN) pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/test: requirements-test.txt .venv/app
	@echo "Installing what the tests need into .venv: once."
	@$(RUN) pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@touch $@

.venv-parity/stamp: requirements-parity.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with: make parity PYTHON=/path/to/it"; exit 1; }
	@test -x .venv-parity/bin/python || "$(PYTHON)" -m venv .venv-parity || { rm -rf .venv-parity; exit 1; }
	@echo "Installing PyTorch, Keras and JAX into .venv-parity: a few minutes, once."
	@.venv-parity/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-parity.txt
	@touch $@
