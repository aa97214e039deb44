#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""
The test of tests/sweep_objects: the same sweeps with an interrupt that the kernel's lock does not mask, as if every
lock had been removed, must find damage, in the first object already.
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

status, out, err = tap.make("APP=tests/sweep_objects_unlocked", "BOARD=mps2_an505")
if tap.ok(status == 0, "builds", out + err):
    status, out, err = tap.command("build/mps2_an505/sweep_objects_unlocked/run", seconds=120)
    lines = out.replace("\r", "").splitlines()
    found = [line for line in lines if re.search(r"broken invariant: |not ok |fatal: | point \d+, pc ", line)]
    tap.ok(status != 0, "the sweeps without a lock fail", out)
    tap.ok(found, "and say what is broken", out)
    tap.ok("ok 1 - sweep_units.k_sem" not in lines, "in k_sem already", out)
    tap.note(found[0] if found else "nothing said")
tap.done()
