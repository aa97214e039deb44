#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs tests that print TAP and sums up: test.sh "BOARD/SUITE..." TEST...; the former are all that the matrix shows.
set -uo pipefail
suites=$1
shift
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
prove -j2 --failures --state=save --statefile="$folder/state" --exec env "$@" </dev/null | tee "$folder/log"
status=$?
# shellcheck disable=SC2086 # words
tools/matrix.py tests/skipped.txt "$folder/state" $suites
grep -E '^(Files=|Result:)' "$folder/log"
exit "$status"
