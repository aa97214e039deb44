#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Joins the compiler calls of one image for language servers: compile_commands.sh BUILD-FOLDER
set -eu
find "$1/obj" "$1/app" -name '*.json' | sort | xargs cat | sed '1s/^/[/; $!s/$/,/; $s/$/]/'
