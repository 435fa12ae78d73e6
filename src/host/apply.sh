#!/usr/bin/env bash
# Puts a host bundle (src/host/bundle.ts) on this server. Reads it from standard input, runs as root.
#
# stage -> compare -> judge what can be judged alone -> activate by rename -> judge the whole tree -> reload -> record.
# Nothing running reads a new file before the tree was judged; if it is broken the old files come back. The old
# versions are on disk before the first rename, so a run that was killed is undone by the next one, which then applies
# its own. Two runs wait for each other. A second run with the same bundle changes nothing.
#
# ROOT     prefix of all paths (an image being built, a test); owners are then left alone
# DRY_RUN  only say what would change
set -euo pipefail
umask 077
# The run goes on when the connection breaks: half a bundle is worse than a late one.
trap '' HUP PIPE

ROOT=${ROOT:-}
state="$ROOT/var/lib/jatsmanor"
undo="$state/transaction"
stage=""
declare -a order=() changed=() removed=() disabled=()
declare -A mode=() owner=() kind=() known=()

say() { echo "host bundle: $*" || true; }
fail() {
    echo "host bundle: $*" >&2 || true
    exit 1
}
make_folder() { [ -d "$1" ] || mkdir -p "$1"; }
lines() { [ $# -eq 0 ] || printf '%s\n' "$@"; }

wait_for_first_boot() {
    [ -z "$ROOT" ] || return 0
    if command -v cloud-init >/dev/null; then
        say "waiting for the first boot to end"
        timeout 1800 cloud-init status --wait >/dev/null || true
    fi
    if [ ! -e "$state/bootstrapped" ]; then
        say "the first boot did not end well; running its script again"
        [ -x /usr/local/sbin/jatsmanor-bootstrap ] ||
            fail "no /usr/local/sbin/jatsmanor-bootstrap: cloud-init did not write it; look at /var/log/cloud-init.log"
        /usr/local/sbin/jatsmanor-bootstrap </dev/null ||
            fail "the bootstrap script failed; look at /var/log/jatsmanor-bootstrap.log, then run this update again"
    fi
}

read_bundle() {
    local verb path rest ended="" first=""
    local file_mode file_owner data
    while read -r verb path rest; do
        if [ -z "$first" ]; then
            [ "$verb $path" = "jatsmanor-bundle 1" ] || fail "standard input is not a host bundle of version 1"
            first=yes
            continue
        fi
        case $verb in
        file | secret)
            case $path in *..* | [!/]*) fail "path \"$path\" is not absolute and plain" ;; esac
            read -r file_mode file_owner data <<<"$rest"
            make_folder "$stage/new${path%/*}"
            base64 -d <<<"$data" >"$stage/new$path" || fail "content of $path is not base64"
            order+=("$path")
            kind[$path]=$verb mode[$path]=$file_mode owner[$path]=$file_owner known[$path]=yes
            ;;
        restart | enable | run | validate) printf '%s %s %s\n' "$verb" "$path" "$rest" >>"$stage/metadata" ;;
        end) ended=yes ;;
        *) fail "unknown line \"$verb\"" ;;
        esac
    done
    # A stream that was cut off must not pass for a smaller bundle: the missing files would be removed.
    [ -n "$ended" ] || fail "the bundle is cut off (no end line); nothing was changed"
}

compare() {
    local path sum
    for path in "${order[@]}"; do
        if [ ! -f "$ROOT$path" ] || [ -L "$ROOT$path" ] || ! cmp -s "$stage/new$path" "$ROOT$path"; then
            changed+=("$path")
        elif [ -z "${DRY_RUN:-}" ]; then
            set_rights "$path" "$ROOT$path"
        fi
    done
    if [ -f "$state/manifest" ]; then
        while read -r sum path; do
            [ -z "$sum" ] || [ -n "${known[$path]:-}" ] || removed+=("$path")
        done <"$state/manifest"
    fi
}

set_rights() { # path file
    # Owner first: chown takes set-id bits away.
    if [ -z "$ROOT" ]; then chown "${owner[$1]}" "$2" || return 1; fi
    chmod "${mode[$1]}" "$2"
}

# The values of one verb for some paths, each once, in order. Removed files speak through the last run's metadata.
values_of() { # verb path...
    local verb=$1
    shift
    [ $# -gt 0 ] || return 0
    { cat "$stage/metadata" "$state/metadata" 2>/dev/null || true; } |
        awk -v verb="$verb" -v paths="$(lines "$@")" '
            BEGIN { count = split(paths, list, "\n"); for (i = 1; i <= count; i++) wanted[list[i]] = 1 }
            $1 == verb && ($2 in wanted) { value = $0; sub(/^[^ ]+ [^ ]+ /, "", value); if (!seen[value]++) print value }'
}

judge_alone() {
    local verb path command
    local -A is_changed=()
    for path in "${changed[@]}"; do is_changed[$path]=yes; done
    while read -r verb path command; do
        if [ "$verb" != validate ] || [ -z "${is_changed[$path]:-}" ]; then continue; fi
        case $command in *'{file}'*) judge "${command//\{file\}/$stage/new$path}" "$path" || exit 1 ;; esac
    done <"$stage/metadata"
}
judge_tree() {
    local command
    while read -r command; do
        case $command in *'{file}'*) ;; *) judge "$command" "the new configuration" || return 1 ;; esac
    done < <(values_of validate "${changed[@]}" "${removed[@]}")
}
judge() { # command subject
    local words
    read -ra words <<<"$1"
    "${words[@]}" </dev/null >"$stage/verdict" 2>&1 && return 0
    echo "host bundle: $2 was refused by \`$1\`; the old files stay in force. It said:" >&2 || true
    cat "$stage/verdict" >&2 || true
    return 1
}

# Old versions and the list to undo by, complete before the first rename.
prepare_undo() {
    local path
    rm -rf "$undo.new"
    mkdir -p "$undo.new/old"
    : >"$undo.new/list"
    for path in "${changed[@]}" "${removed[@]}"; do
        if [ -e "$ROOT$path" ] || [ -L "$ROOT$path" ]; then
            make_folder "$undo.new/old${path%/*}"
            cp -a "$ROOT$path" "$undo.new/old$path"
            echo "restore $path" >>"$undo.new/list"
        else
            echo "delete $path" >>"$undo.new/list"
        fi
    done
    sync
    mv -T "$undo.new" "$undo"
}

# Called with `||`, where bash ignores `set -e`: each step says for itself that it failed (a full disk, mostly).
activate() {
    local path unit
    while read -r unit; do
        # A unit whose file goes away: stopped while systemd still knows it.
        systemctl disable --now "$unit" && disabled+=("$unit")
    done < <(values_of enable "${removed[@]}")
    for path in "${changed[@]}"; do
        (umask 022 && make_folder "$ROOT${path%/*}") || return 1
        cp "$stage/new$path" "$ROOT$path.jatsmanor-new" || return 1
        set_rights "$path" "$ROOT$path.jatsmanor-new" || return 1
        mv -fT "$ROOT$path.jatsmanor-new" "$ROOT$path" || return 1
    done
    for path in "${removed[@]}"; do rm -f "$ROOT$path" || return 1; done
}

put_back() {
    local verb path unit
    [ -d "$undo" ] || return 0
    while read -r verb path; do
        rm -f "$ROOT$path.jatsmanor-new"
        case $verb in
        restore)
            # A failure leaves the list in place, and the next run tries again.
            cp -a "$undo/old$path" "$ROOT$path.jatsmanor-new" || fail "cannot put $path back; is the disk full?"
            mv -fT "$ROOT$path.jatsmanor-new" "$ROOT$path" || fail "cannot put $path back"
            ;;
        delete) rm -f "$ROOT$path" ;;
        esac
    done <"$undo/list"
    for unit in "${disabled[@]}"; do systemctl enable --now "$unit" || true; done
    rm -rf "$undo.done"
    mv -T "$undo" "$undo.done"
    rm -rf "$undo.done"
}

touches_systemd() { lines "${changed[@]}" "${removed[@]}" | grep -q '^/etc/systemd/system/'; }

start_units() {
    local unit
    if touches_systemd; then systemctl daemon-reload || return 1; fi
    while read -r unit; do
        systemctl enable --now "$unit" || return 1
    done < <(values_of enable "${changed[@]}")
    while read -r unit; do
        say "reloading $unit"
        case $unit in
        # Its own reload would restart every worker; this one only those whose file changed.
        supervisor.service) { supervisorctl reread && supervisorctl update; } || return 1 ;;
        *) systemctl reload-or-restart "$unit" || return 1 ;;
        esac
    done < <(values_of restart "${changed[@]}" "${removed[@]}")
}

run_commands() {
    local command words
    while read -r command; do
        say "running $command"
        read -ra words <<<"$command"
        "${words[@]}" </dev/null || return 1
    done < <(values_of run "${changed[@]}")
}

undo_and_fail() {
    say "putting the old files back"
    put_back
    if [ -n "${1:-}" ]; then start_units || say "some services did not take the old files back either; look at them"; fi
    fail "not applied; the server is as it was. Mend the cause above and run the update again"
}

record() {
    local path
    local -a public=()
    for path in "${order[@]}"; do
        # Not the secrets: a hash of a short secret can be guessed back.
        [ "${kind[$path]}" = secret ] || public+=(".$path")
    done
    : >"$state/manifest.new"
    if [ ${#public[@]} -gt 0 ]; then (cd "$stage/new" && sha256sum "${public[@]}" | sed 's|  \./|  /|') >"$state/manifest.new"; fi
    mv -fT "$state/manifest.new" "$state/manifest"
    cp "$stage/metadata" "$state/metadata.new"
    mv -fT "$state/metadata.new" "$state/metadata"
    # The version before this one stays, to look at.
    if [ -d "$undo" ]; then
        rm -rf "$state/previous"
        mv -T "$undo" "$state/previous"
    fi
}

main() {
    local path
    wait_for_first_boot
    (umask 022 && mkdir -p "$state")
    exec 9>"$state/apply.lock"
    flock --timeout 900 9 || fail "another run holds $state/apply.lock for 15 minutes; look at what it does"
    if [ -d "$undo" ]; then
        say "an earlier run was interrupted; undoing it first"
        put_back
    fi
    stage=$(mktemp -d "$state/stage.XXXXXX")
    trap 'rm -rf "$stage"' EXIT
    : >"$stage/metadata"
    read_bundle
    compare
    for path in "${changed[@]}"; do
        if [ -e "$ROOT$path" ]; then say "changes $path"; else say "new $path"; fi
    done
    for path in "${removed[@]}"; do say "removes $path"; done
    if [ -n "${DRY_RUN:-}" ]; then return 0; fi
    if [ ${#changed[@]} -eq 0 ] && [ ${#removed[@]} -eq 0 ]; then
        record
        say "nothing to change"
        return 0
    fi
    judge_alone
    prepare_undo
    activate || undo_and_fail
    run_commands || undo_and_fail
    judge_tree || undo_and_fail
    start_units || undo_and_fail units
    record
    say "applied: ${#changed[@]} written, ${#removed[@]} removed"
}

main
