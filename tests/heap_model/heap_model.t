#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The model of tests/heap_model on this PC under AddressSanitizer and UBSan: more than 10^6 operations over both units,
both layouts, 32 and 64 bits, and every hardening level."""
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, command, done, note, ok  # noqa: E402

FLAGS = "-std=gnu11 -O1 -g -Wall -Wextra -Werror -fsanitize=address,undefined -fno-sanitize-recover=all -Iinclude".split()
HEAP = sorted((TREE / "heap").glob("*.c"))

# name: (options, operations per run; a build makes 180 runs)
VARIANTS = {
    "the default": ("", 2400),
    "the default, optimised for size": ("-Os", 600),
    "the default, 32 bits": ("-m32", 1000),
    "4-byte units": ("-DCONFIG_SYS_HEAP_UNIT_4=1", 1000),
    "4-byte units, 32 bits": ("-m32 -DCONFIG_SYS_HEAP_UNIT_4=1", 400),
    "32-bit fields": ("-DCONFIG_SYS_HEAP_BIG_ONLY=1", 1000),
    "32-bit fields, 32 bits": ("-m32 -DCONFIG_SYS_HEAP_BIG_ONLY=1", 400),
    "both layouts": ("-DCONFIG_SYS_HEAP_AUTO=1 -DHEAP_SMALL_REACH=4096", 500),
    "both layouts, 32 bits": ("-m32 -DCONFIG_SYS_HEAP_AUTO=1 -DHEAP_SMALL_REACH=4096", 300),
    "both layouts with all options": ("-DCONFIG_SYS_HEAP_AUTO=1 -DHEAP_SMALL_REACH=4096 -DCONFIG_SYS_HEAP_QUARANTINE=3 "
                                      "-DCONFIG_SYS_HEAP_HARDENING_FULL=1 -DCONFIG_SYS_HEAP_RUNTIME_STATS=1 "
                                      "-DCONFIG_SYS_HEAP_CALLER_POINTER=1", 300),
    "statistics": ("-DCONFIG_SYS_HEAP_RUNTIME_STATS=1", 400),
    "callers": ("-DCONFIG_SYS_HEAP_CALLER_POINTER=1", 300),
    "hardening moderate": ("-DCONFIG_SYS_HEAP_HARDENING_MODERATE=1", 600),
    "hardening moderate, 32-bit fields": ("-DCONFIG_SYS_HEAP_HARDENING_MODERATE=1 -DCONFIG_SYS_HEAP_BIG_ONLY=1", 300),
    "hardening full": ("-DCONFIG_SYS_HEAP_HARDENING_FULL=1", 600),
    "hardening full, 4-byte units": ("-DCONFIG_SYS_HEAP_HARDENING_FULL=1 -DCONFIG_SYS_HEAP_UNIT_4=1", 300),
    "poison": ("-DCONFIG_SYS_HEAP_POISON=1", 300),
    "a quarantine": ("-DCONFIG_SYS_HEAP_QUARANTINE=8", 600),
    "a quarantine and canaries": ("-DCONFIG_SYS_HEAP_QUARANTINE=3 -DCONFIG_SYS_HEAP_HARDENING_FULL=1", 300),
    "hardening extreme": ("-DCONFIG_SYS_HEAP_HARDENING_EXTREME=1", 100),
}

total = 0
with tempfile.TemporaryDirectory() as folder:
    program = os.path.join(folder, "model")
    for name, (options, operations) in VARIANTS.items():
        status, out, err = command("gcc", *FLAGS, *options.split(), "tests/heap_model/host/main.c",
                                   "tests/heap_model/model.c", *HEAP, "-o", program)
        if status == 0:
            status, out, err = command(program, operations, seconds=280)
        ok(status == 0, f"the model agrees with {name}", out + err)
        note(out.strip())
        total += int(re.match(r"(\d+) operations|", out)[1] or 0)
ok(total >= 1_000_000, f"{total} operations are a million")
done()
