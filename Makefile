# Every command of the project. `make help` lists them.
PYTHON ?= python3
.DEFAULT_GOAL := help

.PHONY: help
help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' \
		| while IFS='|' read -r name what; do printf '  make %-20s %s\n' "$$name" "$$what"; done

.PHONY: run
run: ## Set up what is missing, then start the front desk at http://127.0.0.1:8000
	@$(PYTHON) -m setup run

.PHONY: test
test: ## Run every test, the browser's included
	@$(PYTHON) -m setup test

.PHONY: check
check: ## Look for faults in style, types and structure; change nothing
	@$(PYTHON) -m setup check

.PHONY: fix
fix: ## Put right what can be put right without thinking
	@$(PYTHON) -m setup fix

.PHONY: train
train: ## Train the model anew
	@$(PYTHON) -m setup train

.PHONY: chat
chat: ## Talk to the bot in the terminal
	@$(PYTHON) -m setup chat

.PHONY: lock
lock: ## Pin all requirements anew, with hashes (after an edit of requirements/*.in)
	@$(PYTHON) -m setup lock

.PHONY: deploy-env
deploy-env: ## Write fresh secrets for deploy/compose.yml into deploy/.env
	@$(PYTHON) -m setup deploy-env

.PHONY: rotate-keys
rotate-keys: ## Encrypt what is stored with the newest keys, while the product runs
	@$(PYTHON) -m setup rotate-keys

.PHONY: audit
audit: ## Ask the package index whether a pinned library has a known fault
	@$(PYTHON) -m setup audit

.PHONY: thresholds
thresholds: ## Show how answers change with the confidence asked for, and plot it
	@$(PYTHON) -m setup thresholds

.PHONY: bench-understanding
bench-understanding: ## Measure understanding beside Rasa's starter and published systems (hours)
	@$(PYTHON) -m setup bench-understanding

.PHONY: train-crisis
train-crisis: ## Train crisis detection anew, after an edit of crisis/sentences (15 minutes)
	@$(PYTHON) -m setup train-crisis

.PHONY: bench-crisis
bench-crisis: ## Measure how much danger is heard, and how often nothing is called danger
	@$(PYTHON) -m setup bench-crisis

.PHONY: bench-screening
bench-screening: ## Let 200 simulated visitors be screened, and count what is kept as they meant it
	@$(PYTHON) -m setup bench-screening

.PHONY: bench-inbox
bench-inbox: ## Measure the inbox with a thousand leads and with a million, on PostgreSQL
	@$(PYTHON) -m setup bench-inbox

.PHONY: bench-chat
bench-chat: ## Ask our bot and Rasa's starter side by side, and one replica beside two (20 minutes)
	@$(PYTHON) -m setup bench-chat

.PHONY: bench-growth
bench-growth: ## Measure turns in long conversations, full databases and with ten times the topics
	@$(PYTHON) -m setup bench-growth

.PHONY: soak
soak: ## Let visitors come for half an hour, and watch memory and errors
	@$(PYTHON) -m setup soak

.PHONY: chaos
chaos: ## Kill every process at random under 300 visitors, and compare the books (7 minutes)
	@$(PYTHON) -m setup chaos

.PHONY: fuzz
fuzz: ## Send 20,000 hostile requests to every route that a stranger reaches
	@$(PYTHON) -m setup fuzz
