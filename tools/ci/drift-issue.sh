#!/usr/bin/env bash
# Compares a stack with its cloud. Drift opens the issue "Drift in <stack>", or adds to the one that is open; no drift
# closes it. Usage: drift-issue.sh STACK, with gh signed in. Exit code 0 with or without drift; else the engine's own,
# since a comparison that failed says nothing about the stack.
set -euo pipefail

stack=$1
readonly drifted=7 # the engine's code for "changes, where none were expected"
readonly longest=60000 # GitHub refuses bodies of 65,536 characters

code=0
# Not `make drift`: make answers every failure with its own code.
"${JATS:-.tools/node/bin/node}" tools/jats.ts drift "$stack" >drift.txt 2>&1 || code=$?
cat drift.txt
issue=$(gh issue list --state open --label drift --search "\"Drift in $stack\" in:title" --json number,title \
    --jq ".[] | select(.title == \"Drift in $stack\") | .number" | sed -n 1p)

case $code in
0)
    [ -z "$issue" ] || gh issue close "$issue" --comment "The stack looks again as its state says."
    ;;
"$drifted")
    # shellcheck disable=SC2016 # the backticks are Markdown's
    body=$(printf 'The cloud differs from the state of `%s`. Decide: `make up STACK=%s` puts it back; `pulumi refresh` accepts it, and then the program must follow.\n\n````text\n%s\n````\n' \
        "$stack" "$stack" "$(tail -c "$longest" drift.txt)")
    if [ -n "$issue" ]; then
        gh issue comment "$issue" --body "$body"
    else
        gh label create drift --description "A cloud differs from its stack" --color B60205 --force
        gh issue create --title "Drift in $stack" --label drift --body "$body"
    fi
    ;;
*)
    echo "the comparison of $stack failed (exit code $code): this says nothing about drift" >&2
    exit "$code"
    ;;
esac
