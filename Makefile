# Two commands do everything on a machine with Python 3.11 or later: `make demo` and `make test`.
# Another Python: `make test PYTHON=python3.13`.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test lint check schemas score pictures explanations benchmarks clean help

help: ## what there is
	@$(PYTHON) -c "import re;[print(f'  make {m[1]:<12}{m[2]}') for m in re.finditer(r'^(\w+):[^#\n]*## (.*)$$', open('Makefile').read(), re.M)]"

demo: $(VENV)/.installed ## install, predict, draw and check the two founding drugs
	$(BIN)/raphe report mirtazapine --regimen chronic -o output/mirtazapine
	$(BIN)/raphe report desipramine --regimen chronic -o output/desipramine
	$(BIN)/raphe draw --all -o output/diagrams
	$(BIN)/raphe check --all
	@echo "To look at: output/mirtazapine and output/desipramine (report.html, report.md), output/diagrams"

test: $(VENV)/.tested lint ## install the test tools and run everything
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal

lint: $(VENV)/.tested ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/raphe validate --strict

schemas: $(VENV)/.installed ## write the JSON Schemas anew
	$(BIN)/raphe schema -o schemas

score: $(VENV)/.installed ## score the library and write the table of the README anew
	$(BIN)/raphe score --moves 200 --into README.md

pictures: $(VENV)/.installed ## draw the pictures of the README and the docs anew
	$(BIN)/raphe draw mirtazapine_core_mechanism --format svg,png -o docs/images
	$(BIN)/raphe dose mirtazapine DRN.firing -o docs/images
	$(BIN)/raphe explain mirtazapine DRN.firing -q --sentences -o docs/images/why_mirtazapine_DRN.firing.svg

explanations: $(VENV)/.tested ## write the sentences of docs/explain.md anew
	$(BIN)/python tests/explain_page.py
	$(BIN)/python tests/whatif_page.py

benchmarks: $(VENV)/.tested ## how fast, against written questions
	$(BIN)/python -m benchmarks

$(VENV)/.created:
	@$(PYTHON) -c "import sys; sys.version_info >= (3, 11) or sys.exit('raphe needs Python 3.11 or later; this is ' + sys.version.split()[0] + '. Name another: make PYTHON=python3.12')"
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	@touch $@

clean: ## remove what the commands made
	$(PYTHON) -c "import shutil; [shutil.rmtree(d, ignore_errors=True) for d in ('$(VENV)', 'build', 'dist')]"
