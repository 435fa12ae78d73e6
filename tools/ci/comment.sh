#!/usr/bin/env bash
# One comment per stack on a pull request, found again by a hidden mark and rewritten: a new one per push would bury the
# discussion. Usage: comment.sh STACK PULL_REQUEST FILE, with gh signed in (GH_TOKEN, GITHUB_REPOSITORY).
set -euo pipefail

stack=$1 pull_request=$2 file=$3
readonly longest=60000 # GitHub refuses comments of 65,536 characters; the end has the result and the findings

mark="<!-- jatsmanor preview of $stack -->"
text="(no output: the job stopped before its preview)"
[ -s "$file" ] && text=$(tail -c "$longest" "$file")
# Four backticks, so that three in the output do not end the block.
# shellcheck disable=SC2016 # they are Markdown's
body=$(printf '%s\n### Preview of `%s`\n\n````text\n%s\n````\n' "$mark" "$stack" "$text")

comments="repos/$GITHUB_REPOSITORY/issues/$pull_request/comments"
mine=$(gh api --paginate "$comments" --jq ".[] | select(.user.login == \"github-actions[bot]\" and (.body | startswith(\"$mark\"))) | .id" | sed -n 1p)
if [ -n "$mine" ]; then
    gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$mine" --field "body=$body" >/dev/null
else
    gh api --method POST "$comments" --field "body=$body" >/dev/null
fi
