# Everything starts here: `make help`.

.DEFAULT_GOAL := help
.PHONY: help demo install test lint lock messages frontend packages dev-packages check stop reset clean
.NOTPARALLEL:

# Many programs start here, the tests alone start hundreds: each twice as fast where it finds the bytecode of the one
# before. It goes where git does not look.
export PYTHONDONTWRITEBYTECODE :=

PY := .venv/bin/python
PORT ?= 8000
# One more than there are cores: while one waits for a browser or for a killed server, another works.
PYTEST ?= -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --dist worksteal
FIND_PYTHON = python=$$(sh scripts/find-python) || exit 1; "$$python"
# The lock files name no package index, so that any mirror can serve them.
LOCK = UV_PYTHON_DOWNLOADS=never .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url --no-emit-find-links

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-10s %s\n' "$$name" "$$text"; done

demo: install ## Install everything, load the demo zone and serve it on http://localhost:8000/ (or PORT=)
	@$(PY) -m zone_portal.embedded demo --port $(PORT)

install: packages frontend messages ## Install from the lock files and build the front end; then every manage.py command works

test: dev-packages frontend messages ## Run the linters and the whole test suite, in parallel (options: PYTEST="-k name")
	@sh scripts/find-chromium install >/dev/null || true
	@$(MAKE) --no-print-directory check
	$(PY) -m pytest $(PYTEST)
	@sh scripts/find-chromium >/dev/null || echo "!!! THE BROWSER TESTS WERE SKIPPED: there is no Chromium here. Install one (sudo apt-get install chromium) and run make test again. !!!"

lint: dev-packages check ## Run the linters and the type checker alone

check:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	DJANGO_SECRET_KEY=for-the-type-checker-only .venv/bin/mypy
	$(PY) -m scripts.messages check

packages:
	@$(FIND_PYTHON) scripts/bootstrap.py requirements-embedded.txt

dev-packages:
	@$(FIND_PYTHON) scripts/bootstrap.py requirements-embedded.txt requirements-dev.txt

frontend: packages ## Build the front end when its sources changed
	@$(PY) scripts/frontend.py

messages: packages ## Compile the translations
	@if ls locale/*/LC_MESSAGES/django.po >/dev/null 2>&1; then $(PY) -m scripts.messages compile; fi

lock: dev-packages ## Choose versions anew within pyproject.toml, and write the lock files
	$(LOCK) -o requirements.txt
	$(LOCK) --extra embedded -c requirements.txt -o requirements-embedded.txt
	$(LOCK) --extra embedded --extra dev -c requirements-embedded.txt -o requirements-dev.txt

stop: ## Stop embedded servers that a killed process left behind
	@$(PY) -m zone_portal.embedded stop

reset: packages ## Stop the embedded servers and forget what they hold, the demo zone with it
	@$(PY) -m zone_portal.embedded reset

clean: ## Remove what was installed and built; what the servers hold stays
	rm -rf .venv node_modules build
