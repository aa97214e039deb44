#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each kind of misuse at each hardening level: which invariant halts, and at which operation, before anything is written.
The table in docs/heap.md says the same in words."""
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, command, done, equal, ok  # noqa: E402

FLAGS = "-std=gnu11 -O1 -g -Wall -Wextra -Werror -fsanitize=address,undefined -fno-sanitize-recover=all -Iinclude".split()
HEAP = sorted((TREE / "heap").glob("*.c"))
LEVELS = ("BASIC", "MODERATE", "FULL", "EXTREME")



def always(what):
    return (what,) * len(LEVELS)


# misuse_bytes_value: what happens at the levels, in their order. "free" is that of the block, "neighbour's free" that of
# the chunk behind it, which was hit.
MATRIX = {
    "none": always("not noticed"),
    "double_free": always("H2 free"),
    "double_free_merged": always("H2 free"),
    "double_free_realloc": always("H2 realloc"),
    "foreign": always("H4 free"),
    "other_heap": always("H4 free"),
    "misaligned": always("H4 free"),
    "interior": always("H3 free"),
    # Behind a block that fills its chunk.
    "overrun_1_aa": ("H3 free", "H3 free", "H7 free", "H7 free"),
    "overrun_1_00": ("H3 free", "H3 free", "H7 free", "H7 free"),
    "overrun_4_aa": ("H3 free", "H3 free", "H7 free", "H7 free"),
    "overrun_4_00": ("H3 free", "H3 free", "H7 free", "H7 free"),
    "overrun_8_aa": ("H3 free", "H3 free", "H3 free", "H14 free"),
    "overrun_8_ff": ("H3 free", "H3 free", "H3 free", "H14 free"),
    "overrun_8_00": ("H3 free", "H3 free", "H3 free", "H14 free"),
    # Behind a block that leaves 3 bytes of its chunk over: they may be written, unless canaries lie there.
    "slack_1_aa": ("not noticed", "not noticed", "H7 free", "H7 free"),
    "slack_3_aa": ("not noticed", "not noticed", "H7 free", "H7 free"),
    "slack_4_aa": ("H3 free", "H3 free", "H7 free", "H7 free"),
    "slack_4_00": ("H3 free", "H3 free", "H7 free", "H7 free"),
    "slack_8_aa": ("H3 free", "H3 free", "H3 free", "H14 free"),
    # The same, when the neighbour is freed first.
    "victim_1_aa": ("H5 neighbour's free", "H5 neighbour's free", "H7 free", "H7 free"),
    "victim_1_00": ("H3 free", "H3 free", "H7 free", "H7 free"),
    "victim_4_aa": ("H3 neighbour's free", "H3 neighbour's free", "H7 free", "H7 free"),
    "victim_4_22": ("H3 neighbour's free", "H3 neighbour's free", "H7 free", "H7 free"),
    "victim_4_00": ("H3 neighbour's free", "H3 neighbour's free", "H7 free", "H7 free"),
    "victim_8_aa": ("H3 neighbour's free", "H3 neighbour's free", "H3 neighbour's free", "H14 neighbour's free"),
    # Writes into a free chunk: over its links, and behind them.
    "links_1_41": ("seen by the validator", "H6 alloc", "H6 alloc", "H14 alloc"),
    "links_4_41": ("seen by the validator", "H6 alloc", "H6 alloc", "H14 alloc"),
    "links_4_ff": ("seen by the validator", "H6 alloc", "H6 alloc", "H14 alloc"),
    "links_4_00": ("seen by the validator", "seen by the validator", "seen by the validator", "H14 alloc"),
    "content_8_41": always("not noticed"),
    "written_in_quarantine": always("not noticed"),
}

# The same with a quarantine of two blocks at level basic.
QUARANTINED = {
    "none": "not noticed",
    "double_free": "H2 free",
    "double_free_merged": "H2 free",
    "double_free_realloc": "H2 realloc",
    "foreign": "H4 free",
    "overrun_1_aa": "H3 free",
    "written_in_quarantine": "H15 later free",
    "used_in_quarantine": "H2 usable_size",
}

with tempfile.TemporaryDirectory() as folder:
    for i, level in enumerate(LEVELS):
        program = os.path.join(folder, level)
        status, _, err = command("gcc", *FLAGS, f"-DCONFIG_SYS_HEAP_HARDENING_{level}=1", "tests/heap_misuse/misuse.c",
                                 *HEAP, "-o", program)
        ok(status == 0, f"{level.lower()} compiles", err)
        for kind, expected in MATRIX.items():
            got = command(program, *([] if kind == "none" else [kind]))
            equal(got, (0, expected[i] + "\n", ""), f"{level.lower()}: {kind}: {expected[i]}")
    program = os.path.join(folder, "quarantined")
    status, _, err = command("gcc", *FLAGS, "-DCONFIG_SYS_HEAP_QUARANTINE=2", "tests/heap_misuse/misuse.c", *HEAP, "-o",
                             program)
    ok(status == 0, "quarantine compiles", err)
    for kind, expected in QUARANTINED.items():
        got = command(program, *([] if kind == "none" else [kind]))
        equal(got, (0, expected + "\n", ""), f"quarantine: {kind}: {expected}")
done()
