# Two commands are enough: `make run` and `make test`. Each does its own set-up on a bare Debian with rustup.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test bench bench-full torture fmt docs setup-run setup-test setup-bench

export PATH := $(HOME)/.cargo/bin:$(PATH)
TARGET := $(or $(CARGO_TARGET_DIR),target)
# Where `make run` keeps its data, and where it listens.
DATA ?= ./data
LISTEN ?= 127.0.0.1:8080

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: setup-run ## build and start Senim on 127.0.0.1:8080 with the shipped policy
	cargo build --release --locked -p server --bin senim
	exec $(TARGET)/release/senim serve --data $(DATA) --listen $(LISTEN)

test: setup-test ## everything that must hold: format, lints, licences, all tests, the browser
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo deny --locked check --hide-inclusion-graph licenses bans
	cargo build --workspace --bins --locked
	cargo test --doc --workspace --locked --quiet
	scripts/with-postgres.sh env SENIM_BINARY=$(abspath $(TARGET))/debug/senim \
		cargo nextest run --workspace --locked --profile postgres
	SENIM_BINARY=$(abspath $(TARGET))/debug/senim cargo nextest run --workspace --locked

bench: setup-bench ## the measured targets, a short run; figures go to docs/performance.md
	scripts/with-postgres.sh cargo run --release --locked -p bench

bench-full: setup-bench ## the measured targets at full size; goes on where a run of the same day ended
	scripts/with-postgres.sh cargo run --release --locked -p bench -- --full --resume

torture: setup-test ## 10,000 kills -9 under load; SENIM_TORTURE_KILLS=N for another number
	cargo build --workspace --bins --locked
	SENIM_BINARY=$(abspath $(TARGET))/debug/senim SENIM_TORTURE_KILLS=$${SENIM_TORTURE_KILLS:-10000} \
		cargo nextest run --locked -p testkit --profile torture -E 'test(/crash/)'

fmt: ## format the Rust code
	cargo fmt --all

docs: ## the handbook and the API reference of the crates, into target/
	command -v mdbook >/dev/null || cargo install --locked mdbook --version 0.5.4
	mdbook build docs
	cargo doc --workspace --no-deps --locked

setup-run:
	@scripts/setup.sh run

setup-test:
	@scripts/setup.sh test

setup-bench:
	@scripts/setup.sh bench
