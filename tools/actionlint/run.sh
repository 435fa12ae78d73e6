#!/bin/sh
# Judges the workflows with actionlint, built from its Go module into .tools/ (a few seconds, once). It embeds the syntax
# of GitHub's workflows, the inputs of known actions and, where shellcheck is installed, the scripts.
set -eu
cd "$(dirname "$0")/../.."
linter=.tools/actionlint
mkdir -p .tools

if command -v go >/dev/null 2>&1; then
  (cd tools/actionlint && GOFLAGS=-mod=readonly go build -o ../../.tools/ github.com/rhysd/actionlint/cmd/actionlint)
elif command -v actionlint >/dev/null 2>&1; then
  linter=actionlint
else
  echo "lint: the workflows were NOT checked: neither Go (to build actionlint) nor actionlint is installed." >&2
  echo "  - install Go >= 1.26 (https://go.dev/dl) or actionlint, then run the same command again" >&2
  exit 1
fi
exec "$linter" "$@"
