# Every target brings what it needs (tools/setup.sh); a second run is quick and needs no network.
# Written for make 3.81, as macOS ships it.
STACK ?= mvp
REPORT_LANG ?= en
NODE := ./.tools/node/bin/node --disable-warning=ExperimentalWarning
JATS := $(NODE) tools/jats.ts
BIN := node_modules

.PHONY: help rehearse test lint format bench policies policy-config docs up preview drift setup

help: ## This list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -e 's/:.*## /|/' | awk -F'|' '{ printf "  make %-15s %s\n", $$1, $$2 }'

setup: ## Node, npm dependencies and the Pulumi engine, into .tools/ and node_modules/
	@tools/setup.sh engine

rehearse: setup policies ## Deploy STACK (default mvp, or all) with the real engine onto simulated clouds. FRESH=1 starts over
	@$(JATS) rehearse $(STACK) $(if $(FRESH),--fresh) --lang $(REPORT_LANG)

test: setup policies ## All tests: rules, components, policy pack, and stacks on the real engine
	@$(NODE) $(BIN)/jest/bin/jest.js $(ARGS)

lint: policies ## Types, eslint, format, layers, generated files, workflows
	@$(NODE) $(BIN)/typescript/bin/tsc -p .
	@$(NODE) $(BIN)/eslint/bin/eslint.js --max-warnings 0 .
	@$(NODE) $(BIN)/prettier/bin/prettier.cjs --check --log-level warn .
	@$(NODE) $(BIN)/dependency-cruiser/bin/dependency-cruiser.mjs --config dependency-cruiser.config.mjs src policies sandbox tools
	@$(JATS) policy-config --check
	@$(JATS) sandbox schema --check
	@$(JATS) docs --check
	@tools/actionlint/run.sh

format: ## Rewrite files in the house format
	@tools/setup.sh deps
	@$(NODE) $(BIN)/prettier/bin/prettier.cjs --write --log-level warn .

bench: setup policies ## Time and memory as ratios to an empty program; writes docs/performance.md
	@$(NODE) tools/bench.ts

policies: ## Build the policy pack (policies/bin)
	@tools/setup.sh deps
	@$(NODE) policies/build.ts

policy-config: policies ## Write policies/config/<stack>.json from the rules and the register
	@$(JATS) policy-config

docs: ## Write the generated pages of docs/: coverage of the guide, topologies and their pictures
	@tools/setup.sh deps
	@$(JATS) docs

up: setup policies ## A real update of STACK with your credentials, policy pack and config on
	@$(JATS) up $(STACK) $(if $(YES),--yes)

preview: setup policies ## What a real update of STACK would change, judged by the policies
	@$(JATS) preview $(STACK)

drift: setup ## Does STACK in the real clouds still look as its state says? Changes nothing
	@$(JATS) drift $(STACK)
