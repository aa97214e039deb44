#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what the build, the emulator runs and the tests need and what is not there yet. Says what it does.
set -eu
cd "$(dirname "$0")/.."

packages="make gcc libc6-dev gcc-arm-none-eabi libnewlib-arm-none-eabi picolibc-arm-none-eabi qemu-system-arm
gdb-multiarch openocd python3-pyocd python3 python3-kconfiglib perl clang clang-format cppcheck shellcheck libclang-rt-14-dev
gcc-multilib g++-multilib npm"

say() { printf 'setup: %s\n' "$*"; }

missing=
if command -v dpkg-query >/dev/null; then
    for package in $packages; do
        # npm may come from elsewhere than from Debian.
        if [ "$package" = npm ] && command -v npm >/dev/null; then
            continue
        fi
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' ||
            missing="$missing $package"
    done
else
    say "this is not a Debian system. Install the equivalent of these packages, then use make without setup:"
    for package in $packages; do
        printf '  %s\n' "$package"
    done
    exit 1
fi

if [ -n "$missing" ]; then
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || { say "not root and no sudo: ask for$missing"; exit 1; }
        as_root=sudo
    fi
    say "installing$missing"
    $as_root apt-get update -qq
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

if ! cmp -s package-lock.json node_modules/.fetched; then
    say "fetching the CMSIS-Core headers of package-lock.json"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
    cp package-lock.json node_modules/.fetched
fi
say "ready"
