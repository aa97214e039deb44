#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Joins the compiler calls of one image for language servers: compile_commands.sh BUILD-FOLDER
set -eu
tr ' ' '\n' <"$1/objects" | sed 's/o$/json/' | sort | xargs cat | sed '1s/^/[/; $!s/$/,/; $s/$/]/'
