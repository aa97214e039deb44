#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""tests/fuzz under libFuzzer, AddressSanitizer and UBSan: the saved corpus and a fixed number of mutations of it, for both
units, both layouts, 32 and 64 bits, and with canaries."""
import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, command, done, note, ok  # noqa: E402

FLAGS = "-std=gnu11 -O1 -g -Wall -Wextra -Werror -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all " \
        "-Iinclude".split()
HEAP = sorted((TREE / "heap").glob("*.c"))
CORPUS = TREE / "tests" / "fuzz" / "corpus"

# name: (options, runs)
VARIANTS = {
    "the default": ("", 12000),
    "the default, 32 bits": ("-m32", 4000),
    "4-byte units": ("-DCONFIG_SYS_HEAP_UNIT_4=1", 6000),
    "4-byte units, 32 bits": ("-m32 -DCONFIG_SYS_HEAP_UNIT_4=1", 3000),
    "32-bit fields": ("-DCONFIG_SYS_HEAP_BIG_ONLY=1", 6000),
    "32-bit fields, 32 bits": ("-m32 -DCONFIG_SYS_HEAP_BIG_ONLY=1", 3000),
    "both layouts": ("-DCONFIG_SYS_HEAP_AUTO=1 -DHEAP_SMALL_REACH=4096", 4000),
    "hardening moderate": ("-DCONFIG_SYS_HEAP_HARDENING_MODERATE=1", 4000),
    "hardening full": ("-DCONFIG_SYS_HEAP_HARDENING_FULL=1 -DCONFIG_SYS_HEAP_CALLER_POINTER=1", 4000),
    "hardening extreme": ("-DCONFIG_SYS_HEAP_HARDENING_EXTREME=1", 2000),
}

with tempfile.TemporaryDirectory() as folder:
    for name, (options, runs) in VARIANTS.items():
        program = os.path.join(folder, "fuzz")
        corpus = shutil.copytree(CORPUS, os.path.join(folder, "corpus"), dirs_exist_ok=True)
        status, out, err = command("clang", *FLAGS, *options.split(), "tests/fuzz/fuzz.c", *HEAP, "-o", program)
        if status == 0:
            status, out, err = command(program, f"-runs={runs}", "-seed=1", "-max_len=600", f"-artifact_prefix={folder}/",
                                       corpus, seconds=250)
        ok(status == 0, f"{runs} inputs find nothing in {name}", out + err)
        note(re.sub(r"(?s).*(cov: \d+ ft: \d+).*", r"\1", err))
done()
