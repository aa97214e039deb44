#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The drivers' table of `make bench`: builds and runs bench/uart in the emulator. Same sources, same bytes."""
import os
import pathlib
import subprocess
import sys

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
GOAL = 40  # instructions of a request by need beyond sys_heap's own

TRANSFERS = [
    ("transmit, DMA, memory in reach", "transmit-dma"),
    ("transmit, DMA, bounced", "transmit-bounced"),
    ("transmit, interrupt-driven", "transmit-core"),
    ("transmit, polled", "polled"),
    ("receive, DMA, memory in reach", "receive-dma"),
    ("receive, DMA, bounced", "receive-bounced"),
    ("receive, interrupt-driven", "receive-core"),
]
REQUESTS = [
    ("first region, padded to cache lines", "request-padded"),
    ("second region", "request-second"),
    ("third region", "request-third"),
]


def measure():
    # Not as a part of the make that may have called: its variables are not meant for this image.
    plain = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    made = subprocess.run(["make", "-s", "BOARD=mps2_an505", "APP=bench/uart"], cwd=TREE, env=plain, capture_output=True,
                          text=True)
    if made.returncode != 0:
        sys.exit(made.stdout + made.stderr)
    text = (TREE / "LICENSE").read_bytes()
    ran = subprocess.run([TREE / "build/mps2_an505/uart/run"], input=text, capture_output=True, timeout=100)
    rows = (line.split() for line in ran.stdout.decode(errors="replace").splitlines())
    return {row[0]: (int(row[1]), int(row[2])) for row in rows if len(row) == 3 and row[1].isdigit()}


def main():
    rows = measure()
    missing = [name for _, name in TRANSFERS + REQUESTS if name not in rows]
    if missing:
        sys.exit(f"bench/uart printed no {', '.join(missing)}")
    print("UART and regions: instructions, mps2_an505 (Cortex-M33), -Os")
    print(f"{'':36}{'per byte':>10}{'shortest transfer':>20}")
    for title, name in TRANSFERS:
        per_byte = rows[name][0]
        shortest = rows[name.replace("receive", "empty")][1]
        print(f"{title:36}{per_byte:10}{shortest or '-':>20}")
    print("Shortest: one byte sent; reception enabled and disabled. Of a byte that is")
    print("received only the interrupt counts.")
    print(f"{'request by need':36}{'sys_heap':>10}{'beyond it':>20}")
    for title, name in REQUESTS:
        beyond, plain = rows[name]
        verdict = f"{beyond} <= {GOAL}" if beyond <= GOAL else f"{beyond} > {GOAL}: missed"
        print(f"{title:36}{plain:10}{verdict:>20}")


main()
