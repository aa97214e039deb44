#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs tests that print TAP and sums up: test.sh TEST...
set -u
prove -j2 --failures --exec env "$@" </dev/null
