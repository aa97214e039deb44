#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A program in Zephyr's style compiles unmodified and does the same on the PC and in the emulator."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
RING = [f"round {i}: station {s}" for i in range(5) for s in range(4)]
PARTS = ["ring", "start-up", "interrupts", "heaps", "time"]

for source in sorted(HERE.glob("src/*.c")):
    foreign = [line for line in source.read_text().splitlines()
               if line.startswith("#include") and not re.search(r"<(zephyr/.*|errno|string)\.?h?>|\"parts\.h\"", line)]
    tap.equal(foreign, [], f"{source.name} includes only <zephyr/...> and the C library")

for board in ("host", "mps2_an505"):
    status, out, err = tap.make(f"BOARD={board}", "APP=tests/compat")
    if tap.ok(status == 0, f"{board}: builds", out + err):
        status, out, err = tap.command(f"build/{board}/compat/run", seconds=60)
        lines = out.replace("\r", "").splitlines()
        tap.equal(status, 0, f"{board}: main returns and the program ends")
        tap.equal([line for line in lines if line.startswith("round")], RING, f"{board}: the ring goes round in order")
        for part in PARTS:
            tap.ok(f"{part}: as in Zephyr" in lines, f"{board}: {part}", out)
        tap.ok("5 parts" in lines, f"{board}: all parts report", out)
tap.done()
