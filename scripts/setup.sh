#!/usr/bin/env bash
# Brings a bare Debian (12 or newer, with rustup's Rust) to where Senim builds (`run`), is tested (`test`) or measured (`bench`).
#
# Installs only what is missing; when nothing is missing it needs neither root nor the network. Removes no
# package and starts no service.
set -euo pipefail
cd "$(dirname "$0")/.."

# Versions that are pinned because the outcome depends on them.
cargo_deny=0.20.2
cargo_nextest=0.9.143
node_major=20
node_fallback=22

say() { printf 'set-up: %s\n' "$*"; }
fail() { printf 'set-up: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

need_rust() {
  has cargo || fail "cargo is missing. Install Rust 1.95 or newer with https://rustup.rs and run this again."
  local version
  version=$(rustc --version | cut -d' ' -f2)
  if ! printf '1.95\n%s\n' "$version" | sort -VC; then
    fail "rustc $version is too old; run: rustup update stable (1.95 or newer is needed)"
  fi
}

# Installs the given Debian packages that are not installed.
packages() {
  local missing=() one
  for one in "$@"; do
    dpkg-query -W -f='${db:Status-Abbrev}' "$one" 2>/dev/null | grep -q '^ii' || missing+=("$one")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  has apt-get || fail "install these (Debian names), then run this again: ${missing[*]}"
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || fail "packages are missing; as root run: apt-get install ${missing[*]}"
    root=(sudo -n)
  fi
  say "installing ${missing[*]}"
  # A package that brings a service must not start it here.
  local guard=/usr/sbin/policy-rc.d ours=no
  if [ ! -e "$guard" ]; then
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$guard" >/dev/null
    "${root[@]}" chmod 755 "$guard"
    ours=yes
  fi
  local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0) done=no
  "${apt[@]}" update >/dev/null || true
  if "${apt[@]}" install -y --no-install-recommends --no-remove "${missing[@]}" >/dev/null; then done=yes; fi
  [ "$ours" = yes ] && "${root[@]}" rm -f "$guard"
  [ "$done" = yes ] || fail "could not install: ${missing[*]}"
  # Nor at the next boot: the tests start their own mail server, on their own port.
  case " ${missing[*]} " in
    *" redis-server "*) has systemctl && "${root[@]}" systemctl disable --quiet redis-server 2>/dev/null || true ;;
    *" opensmtpd "*) has systemctl && "${root[@]}" systemctl disable --quiet opensmtpd 2>/dev/null || true ;;
  esac
}

# A tool of cargo's, in exactly this version.
cargo_tool() {
  local name=$1 version=$2
  if ! "$name" --version 2>/dev/null | head -n 1 | grep -qF "$version"; then
    say "installing $name $version"
    cargo install --locked --quiet "$name" --version "$version"
  fi
}

# The browser run wants Node.js 20; Debian 12 has 18, so a newer one goes under target/, for this project alone.
node_for_browser() {
  has node || packages nodejs
  has npm || packages npm
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  mkdir -p target/tools
  if [ "$major" -ge "$node_major" ]; then
    ln -sfn "$(command -v node)" target/tools/node
    return 0
  fi
  local machine
  case "$(uname -m)" in
    x86_64) machine=x64 ;;
    aarch64) machine=arm64 ;;
    *) fail "Node.js $major is too old; install $node_major or newer" ;;
  esac
  if [ ! -x "target/tools/newer/node_modules/node-linux-$machine/bin/node" ]; then
    say "Node.js $major is too old for the browser run; fetching $node_fallback into target/tools"
    npm install --silent --no-save --prefix target/tools/newer "node-linux-$machine@$node_fallback"
  fi
  ln -sfn "$PWD/target/tools/newer/node_modules/node-linux-$machine/bin/node" target/tools/node
}

browser() {
  has chromium || packages chromium
  packages fonts-noto-core
  node_for_browser
  local folder=crates/testkit/browser
  if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock"; then
    say "installing the browser driver"
    (cd "$folder" && npm ci --silent --no-audit --no-fund)
    cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock"
  fi
}

case "${1:-}" in
  run)
    packages gcc libc6-dev make pkg-config ca-certificates
    need_rust
    ;;
  bench)
    packages gcc libc6-dev make pkg-config ca-certificates python3 postgresql-15 redis-server
    need_rust
    ;;
  test)
    packages gcc libc6-dev make pkg-config ca-certificates git openssl python3 python3-aiosmtpd postgresql-15 softhsm2
    need_rust
    cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
    cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
    cargo_tool cargo-deny "$cargo_deny"
    cargo_tool cargo-nextest "$cargo_nextest"
    browser
    ;;
  *)
    fail "usage: scripts/setup.sh run|test|bench"
    ;;
esac
