#!/bin/sh
# Analyses folders at once and then every night at NIGHTLY_AT (local time, 03:00), and makes the saved recipes again.
#
#     essentialist-nightly FOLDER...
#
# A night that fails is told by the command itself; the next one tries again.
set -eu

at=${NIGHTLY_AT:-03:00}
child=

stop() {
    trap - TERM INT
    if [ -n "$child" ]; then
        kill -TERM "$child" 2>/dev/null || true
        wait "$child" || true
    fi
    exit 0
}
trap stop TERM INT

run() { # in the background: a shell hears no signal while it waits for a command in front
    "$@" &
    child=$!
    code=0
    wait "$child" || code=$?
    child=
    return "$code"
}

seconds_until() {
    now=$(date +%s)
    next=$(date --date "today $1" +%s)
    [ "$next" -gt "$now" ] || next=$(date --date "tomorrow $1" +%s)
    echo $((next - now))
}

seconds_until "$at" >/dev/null # a wrong time is told now, not tonight
while :; do
    if run essentialist analyze "$@"; then
        run essentialist refresh || true
    fi
    run sleep "$(seconds_until "$at")"
done
