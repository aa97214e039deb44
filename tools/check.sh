#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The rules that a compiler does not enforce, as TAP. No exception lists.
set -u
cd "$(dirname "$0")/.." || exit 1
count=0 failed=0

# Runs a command; its output is shown when it fails.
rule() {
    local name=$1 output
    shift
    count=$((count + 1))
    if output=$("$@" 2>&1); then
        echo "ok $count - $name$(sed -n 's/^# / (/p' <<<"$output" | head -n 1 | sed 's/$/)/')"
    else
        failed=$((failed + 1))
        echo "not ok $count - $name"
        while read -r line; do echo "# $line"; done <<<"$output"
    fi
}

sources() { git ls-files -co --exclude-standard -- "$@"; }

headers_alone() {
    local bad=0 header config=build/check/autoconf.h
    local cmsis=node_modules/@xpack-3rd-party/arm-cmsis-core-m/CMSIS/Core/Include
    mkdir -p build/check
    APP_DIR=/dev/null /usr/bin/python3 tools/kconfig.py settle build/check/.config boot/board/mps2_an505/defconfig &&
        APP_DIR=/dev/null /usr/bin/python3 tools/kconfig.py emit build/check/.config $config build/check/config.mk check
    for header in $(sources '*.h'); do
        case $header in kernel/arch/host/*|tests/*|bench/*) continue ;; esac
        echo "#include \"$header\"" | arm-none-eabi-gcc -mcpu=cortex-m33+nodsp -mcmse -std=gnu11 -Wall -Wextra -Werror \
            -fsyntax-only -x c -include $config -isystem "$cmsis" -I. -Iinclude - || bad=1
    done
    for header in $(sources 'heap/*.h' 'include/zephyr/sys/*heap*.h'); do
        echo "#include \"$header\"" | gcc -std=gnu11 -Wall -Wextra -Werror -fsyntax-only -x c -I. -Iinclude - || bad=1
    done
    return $bad
}

# Whoever writes C++ uses libheap by its headers, where there is a compiler.
cplusplus() {
    command -v g++ >/dev/null || { echo "# no g++ here"; return 0; }
    printf '%s\n' '#include <zephyr/sys/sys_heap.h>' '#include <zephyr/sys/multi_heap.h>' \
        '#include <zephyr/sys/heap_walk.h>' '#include <zephyr/sys/heap_listener.h>' \
        'extern "C" [[noreturn]] void invariant_failed(const char *, const void *, const void *) { for (;;) {} }' \
        'static sys_heap heap; alignas(8) static char pool[Z_HEAP_MIN_SIZE_FOR(100)];' \
        'int main() { sys_multi_heap many; heap_walk walk; sys_heap_init(&heap, pool, sizeof(pool));' \
        'heap_walk_start(&walk, &heap); sys_multi_heap_init(&many, nullptr); (void)&heap_listener_register;' \
        'return sys_heap_alloc(&heap, 100) == nullptr; }' |
        g++ -Wall -Wextra -Werror -Iinclude -x c++ - -x none build/libheap/host-O2/libheap.a -o build/check/cplusplus &&
        build/check/cplusplus
}

# "heap depends on nothing", proved by the linker's eyes.
libheap_needs() {
    local archive needs
    for archive in build/libheap/*/libheap.a; do
        needs=$(nm -u "$archive" 2>/dev/null | sed -n 's/^ *U //p' | sort -u |
            grep -vxF -f <(nm "$archive" 2>/dev/null | sed -n 's/^[0-9a-f]* [TDBRV] //p'; \
                printf '%s\n' memcpy memset memmove invariant_failed))
        [ -z "$needs" ] || { echo "$archive needs: $needs"; return 1; }
    done
}

format() { sources '*.c' '*.h' | xargs clang-format --dry-run -Werror; }

statics() {
    cppcheck --quiet --std=c11 --error-exitcode=1 --enable=warning,performance,portability \
        -j2 -Iinclude -D__STDC_VERSION__=201112L \
        --include=build/check/autoconf.h heap kernel drivers lib
}

shells() { sources '*.sh' .ci/run | xargs shellcheck; }
pythons() { sources '*.py' | xargs /usr/bin/python3 -m py_compile; }

budgets() { /usr/bin/python3 tools/check_budgets.py; }

rule "a file includes only its own room and lower ones" /usr/bin/python3 tools/check_rooms.py
rule "each header compiles alone" headers_alone
rule "C++ programs link libheap" cplusplus
rule "libheap needs only memcpy, memset, memmove and invariant_failed" libheap_needs
rule "functions, files and comments keep their budgets" budgets
rule "the heap's calls keep their proven bounds" tools/bounds.sh
rule "clang-format" format
rule "cppcheck" statics
rule "shellcheck" shells
rule "Python files compile" pythons
echo "1..$count"
echo "$((count - failed)) passed, $failed failed"
[ "$failed" = 0 ]
