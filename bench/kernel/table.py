#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The kernel's table of `make bench`: builds and runs bench/kernel in the emulator, and prints it beside the figures of
others (peers.csv). Same sources, same compiler, same bytes.

"like": built as the others were: a periodic tick, PRIMASK, no stack guard. "ours": as the board is built by default:
tickless, BASEPRI, stack guard. Instructions, mean of all samples; K13: the largest, which is the tick that expires.
"""
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys

import masked

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TREE / "tools"))
import size  # noqa: E402

HERE, OUT = TREE / "bench/kernel", TREE / "build/bench"
TICKED, TRACE = "bench/kernel/ticked.conf", "bench/kernel/trace.conf"
PEERS = ("FreeRTOS", "ThreadX-fast", "ChibiOS compact", "Zephyr 3.5 tuned")
# What a program that only uses threads, sleep, semaphores and mutexes does not need.
NOT_K10 = ("printk", "fatal", "fault", "fault_status", "coredump", "debug_tables", "init", "exit", "thread_name", "kheap",
           "memory_wait", "region_heap", "region_info", "region_pool")


def build(app, level, name, *configs):
    command = ["make", "-s", "BOARD=mps2_an386", f"APP={app}", f"OPT={level}", f"EXTRA_CONF={' '.join(configs)}"]
    # Not as a part of the make that may have called: its variables are not meant for this image.
    plain = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(command, cwd=TREE, env=plain, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    made = TREE / "build/mps2_an386" / pathlib.Path(app).name
    for kind in ("elf", "map"):
        shutil.copy(made / f"firmware.{kind}", OUT / f"{name}.{kind}")
    return OUT / f"{name}.elf"


def run(elf):
    """{row: (smallest, mean, largest)}"""
    done = subprocess.run([HERE.parent / "run.sh", elf], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    rows = {}
    for line in done.stdout.splitlines():
        name, smallest, mean, largest = line.split()
        rows[name] = (int(smallest), int(mean) / 100, int(largest))
    return rows


def text_bytes(map_file):
    total = 0
    for output, length, source in size.pieces(map_file.read_text()):
        match = re.search(r"/obj[^/]*/kernel/(?:.*/)?(\w+)\.\w+\.o", source or "")
        if output == ".text" and match and match[1] not in NOT_K10:
            total += length
    return total


def type_bytes(elf, expression):
    out = subprocess.run(["gdb-multiarch", "-batch", "-ex", f"print sizeof({expression})", elf], capture_output=True,
                         text=True).stdout
    return int(out.split("=")[1])


def figure(text, row):
    if not text:
        return "-"
    mean, _, largest = text.partition("/")
    return f"{float(largest if largest and row.startswith('K13') else mean):.0f}"


def own(rows, row):
    if row not in rows:
        return "-"
    smallest, mean, largest = rows[row]
    return f"{largest if row.startswith('K13') else mean:.0f}"


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    like = run(build("bench/kernel", "-O2", "kernel-like", TICKED))
    ours = run(build("bench/kernel", "-O2", "kernel-ours"))
    sections = masked.longest(build("bench/kernel", "-O2", "kernel-trace", TICKED, TRACE))
    small = build("bench/kernel_size", "-Os", "kernel-small", TICKED)
    # A tickless clock does not take an interrupt for a tick.
    ours = {row: figures for row, figures in ours.items() if not row.startswith("K13")}
    for rows in (like, ours):
        rows["K10.text"] = (0, text_bytes(small.with_suffix(".map")), 0)
        rows["K10.thread"] = (0, type_bytes(small, "struct k_thread"), 0)
        rows["K10.semaphore"] = (0, type_bytes(small, "struct k_sem"), 0)
        rows["K11.masked"] = (0, max(count for row, (count, _) in sections.items() if row[0] == "K"), 0)
    with open(HERE / "peers.csv", encoding="utf-8") as file:
        peers = list(csv.DictReader(line for line in file if not line.startswith("#")))
    print("Kernel calls on a Cortex-M4, in executed instructions (K10: bytes)\n")
    print(f"{'':33}{'like':>5}{'ours':>6}" + "".join(f"{name.split()[0].split('-')[0]:>9}" for name in PEERS).rstrip())
    for peer in peers:
        row = peer["operation"]
        print(f"{row.replace('simultaneous_', ''):33}{own(like, row):>5}{own(ours, row):>6}" +
              "".join(f"{figure(peer[name], row):>9}" for name in PEERS))
    print("\nk_heap over sys_heap; a free that hands its block to a waiter, until that runs;\n"
          "the same by waking the waiter to try again\n")
    for row in (row for row in like if row.startswith("H.")):
        print(f"{row:37}{own(like, row):>5}{own(ours, row):>6}")
    print("\nLongest masked section in each row, set-up included where it has none of its own\n")
    for row, (count, where) in sections.items():
        print(f"{row:37}{count:>5}  in {where.split('.')[0]}")


if __name__ == "__main__":
    main()
