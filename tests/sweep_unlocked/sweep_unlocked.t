#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
The test of tests/sweep: the same sweeps with an interrupt that the kernel's lock does not mask, as if every lock had
been removed, must find damage in the allocator, and soon.
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

status, out, err = tap.make("APP=tests/sweep_unlocked", "BOARD=mps2_an505")
if tap.ok(status == 0, "builds", out + err):
    status, out, err = tap.command("build/mps2_an505/sweep_unlocked/run", seconds=120)
    out = out.replace("\r", "")
    tap.ok(status != 0, "the sweeps without a lock fail", out)
    tap.ok(re.search(r"broken invariant: |not ok |fatal: ", out), "and say what is broken", out)
    tap.ok("ok 1 - sweep_heap.k_heap_alloc" not in out.splitlines(), "in k_heap_alloc already", out)
    tap.note(next((line for line in out.splitlines() if "broken" in line or "not ok" in line), "nothing said"))
tap.done()
