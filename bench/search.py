#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Searches for expensive sequences and keeps what beats bench/worst/: search.py search.elf worst.elf SECONDS

Each climb is a run of the search image: what is measured is what a Cortex-M4 executes. What a kept sequence costs is
measured too, by replaying it: an old cost says nothing about the heap of today.
"""
import concurrent.futures
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
KINDS = ("alloc", "refusal", "free", "aligned", "aligned-refusal", "realloc", "realloc-refusal")
HEAPS = (65536, 4096, 16384)
ROUNDS = 40000


def climb(image, kind, heap, seed):
    """(cost, text of the sequence) of one run."""
    text = subprocess.run([HERE / "run.sh", image, f"kind={KINDS.index(kind)}", f"heap={heap}", f"seed={seed}",
                           f"rounds={ROUNDS}"], check=True, capture_output=True).stdout.decode()
    if not text.endswith("done\n"):
        raise SystemExit(f"search of {kind}, seed {seed}: {text[-200:]}")
    return int(text.split()[2]), text.removesuffix("done\n")


def replayed(image):
    """{(kind, heap): cost today} of the kept sequences."""
    costs = {}
    for line in subprocess.run([HERE / "run.sh", image], check=True, capture_output=True).stdout.decode().splitlines()[:-1]:
        name, kind, cost = line.split()
        if name.startswith(kind + "-") and name.rpartition("-")[2].isdigit():
            costs[kind, int(name.rpartition("-")[2])] = int(cost)
    return costs


def main(image, worst_image, seconds):
    kept = replayed(worst_image)
    end, seed = time.monotonic() + float(seconds), int(time.time())
    tasks = [(kind, heap) for heap in HEAPS for kind in KINDS]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        while time.monotonic() < end:
            seed += 1
            for (kind, heap), (cost, text) in zip(tasks, pool.map(lambda t: climb(image, *t, seed), tasks), strict=True):
                if cost > kept.get((kind, heap), 0):
                    kept[kind, heap] = cost
                    (HERE / "worst" / f"{kind}-{heap}.txt").write_text(text)
                    print(f"{kind}, heap of {heap}: {cost}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
