#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The table of `make bench`: table.py build/bench. Same measurements, same bytes.

Rows of Cairn and of the C libraries were measured by this run; rows marked * are the published figures of peers.csv.
x: how many times Cairn's mean (or, in W6, Cairn's largest).
"""
import pathlib
import sys

from figures import BOUNDED, CHURNS, HEAP_BYTES, ROUNDS, SIZES, bounds, found, image, oracle, peers
import goals

CAIRN = ("cairn", "cairn-4", "cairn-auto", "cairn-big")
LIBRARIES = ("newlib-nano", "picolibc")
TITLES = {
    "W1": "W1  churn of mixed sizes around 50 % of 64 KiB",
    "W2": "W2  the same around 80 %",
    "W3": "W3  the same around 95 %",
    "W9": "W9  aligned_alloc(64, 16 to 256 bytes) around 50 %",
    "W4": "W4  64 blocks of 32 bytes, freed in reverse",
    "W5": "W5  64 blocks of 32 bytes, freed in order",
    "W5b": "W5b a queue of 64 blocks of 32 bytes",
}


def cell(value, width, digits=0):
    return f"{'-' if value is None else f'{value:.{digits}f}':>{width}}"


def ratio(value, base):
    if value is None or not base:
        return f"{'-':>6}"
    return f"{value / base:5.1f}x" if value / base < 99.95 else f"{value / base:5.0f}x"


class Table:
    def __init__(self, measured, published):
        self.measured = measured
        rows = [(name, name, measured[name]) for name in (*CAIRN, *LIBRARIES)]
        rows += [(name, name + "*", figures) for name, figures in published.items() if name not in LIBRARIES]
        self.rows = rows
        self.base = measured["cairn"]

    def calls(self, workload):
        columns = f"{'p99':>6}{'max':>6}"
        more = f"{'refused':>12}{'fill':>6}" if workload in CHURNS else ""
        print(f"\n{TITLES[workload]}\n{'alloc mean':>23}{columns}{'free mean':>14}{columns}{more}")
        for _, label, f in self.rows:
            def get(what):
                return f.get(f"{workload} {what}")
            if get("alloc mean") is None:
                continue
            line = f"{label:15}"
            for call in ("alloc", "free"):
                mean = get(f"{call} mean")
                line += cell(mean, 8, 1) + cell(get(f"{call} p99"), 6) + cell(get(f"{call} max"), 6)
                line += ratio(mean, self.base[f"{workload} {call} mean"])
            if workload in CHURNS:
                line += cell(get("refused %"), 6, 1) + cell(get("fill %"), 6, 1)
            print(line)

    def worst(self):
        print("\nW6  crafted worst cases and a churn of 8 to 512 bytes: the largest seen")
        print(f"{'':19}{'alloc':>8}{'':7}{'free':>8}{'':7}{'refusal':>8}")
        for _, label, f in self.rows:
            if f.get("W6 alloc max") is None:
                continue
            line = f"{label:19}"
            for call in ("alloc", "free", "refusal"):
                value = f.get(f"W6 {call} max")
                line += cell(value, 8) + ratio(value, self.base[f"W6 {call} max"]) + " "
            print(line.rstrip())

    def fragmentation(self):
        print("\nW7  fill in % when a heap refuses for the first time, 8 to 512 bytes, 200 runs")
        print(f"{'':19}16 KiB: mean least  most   64 KiB: mean least  most")
        for _, label, f in self.rows:
            if f.get("W7 16K mean") is None:
                continue
            line = f"{label:19}"
            for heap in ("16K", "64K"):
                line += cell(f[f"W7 {heap} mean"], 13, 2) + cell(f[f"W7 {heap} least"], 6, 1)
                line += cell(f[f"W7 {heap} most"], 6, 1)
            print(line)

    def capacity(self):
        print("\nW8  how many blocks of one size fit, and the largest block")
        head = ["".join(f"{s:>{width}}" for s in SIZES) + f"{'one':>{width + 1}}" for width in (4, 6)]
        print(f"{'4 KiB, 64 KiB':15}{head[0]}{head[1]}")
        for _, label, f in self.rows:
            if f.get("W8 4K 1") is None:
                continue
            cells = ["".join(cell(f[f"W8 {heap} {s}"], width) for s in SIZES) +
                     cell(f[f"W8 {heap} largest"], width + 1) for width, heap in ((4, "4K"), (6, "64K"))]
            print(f"{label:15}" + "".join(cells))

    def size(self):
        print("\nBytes of flash for alloc + free (code and constants), bytes of stack at -O2")
        print(f"{'':19}{'-Os':>6}{'-O2':>6}   stack: alloc  free")
        for _, label, f in self.rows:
            if f.get("size -Os") is not None:
                print(f"{label:19}" + cell(f["size -Os"], 6) + cell(f["size -O2"], 6) +
                      cell(f.get("size stack alloc"), 15) + cell(f.get("size stack free"), 6))
        print(f"{'cairn-auto':19}" + cell(None, 6) + cell(self.measured["cairn-auto"]["size -O2"], 6))
        print(f"Of Cairn's, {self.base['size -Os'] - self.base['size -Os code']} and "
              f"{self.base['size -O2'] - self.base['size -O2 code']} bytes are messages and other constants.")
        print("Fixed RAM of Cairn's heap of 64 / 16 / 4 KiB: " +
              " / ".join(str(self.base[f"RAM {heap}"]) for heap in ("64K", "16K", "4K")))

    def proven(self):
        print("\nThe longest call of Cairn, proven from the machine code, and the longest found")
        columns = {"bound": "proven", "found": "found", "bound-Os": "-Os", "bound-reach": "256 KiB", "bound-4": "4-byte",
                   "bound-big": "32-bit", "bound-M0": "Armv6-M"}
        print(f"{'':15}" + "".join(f"{title:>9}" for title in columns.values()))
        for kind in BOUNDED.values():
            print(f"{kind:15}" + "".join(cell(self.base.get(f"{what} {kind}"), 9) for what in columns))
        print("realloc: without moving the content. 4-byte: units. 32-bit: fields, to 2 GiB.")
        print("Armv6-M: -Os.")

    def refusals(self):
        print("\nRefusals against an oracle, on this PC")
        print(f"{'':19}{'calls':>10}{'refused':>10}{'wrong':>8}{'missed':>8}   missed %")
        for name, label in (("cairn", "cairn"), ("cairn-4", "cairn-4"), ("cairn-big", "cairn, 32-bit")):
            for call in ("alloc", "realloc", "aligned"):
                f = {what: self.measured[name][f"oracle {call} {what}"] for what in ("calls", "refused", "wrong", "missed")}
                print(f"{label + ' ' + call:21}{f['calls']:8}{f['refused']:10}{f['wrong']:8}{f['missed']:8}"
                      f"{100 * f['missed'] / f['calls']:11.2f}")
        print("wrong: refused although a free chunk is large enough (zephyr*: up to 0.4 % of")
        print("all calls). missed, aligned only: a smaller chunk had room at the right place.")

    def optimised_for_size(self):
        print("\nW1 and W6 with everything compiled with -Os")
        print(f"{'alloc mean':>27}{'p99':>6}{'max':>6}{'mean free':>10}{'p99':>4}{'max':>6}{'W6: alloc':>10}{'free':>5}")
        rows = [("cairn", "cairn", self.measured["cairn-Os"]), ("", "cairn, Armv6-M", self.measured["cairn-M0"])]
        rows += [row for row in self.rows if "Os alloc mean" in row[2]]
        for _, label, f in rows:
            line = f"{label:19}"
            for call in ("alloc", "free"):
                line += cell(f[f"Os {call} mean"], 8, 1) + cell(f[f"Os {call} p99"], 6) + cell(f[f"Os {call} max"], 6)
            print(line + cell(f["Os W6 alloc max"], 9) + cell(f["Os W6 free max"], 6))


def sizes(path):
    """{"-Os": bytes of .text and .rodata, ...} of what `size -A` wrote."""
    result, level = {}, None
    for line in path.read_text().splitlines():
        words = line.split()
        if ".elf" in line:
            level = line.split(".elf")[0].partition("size")[2]
            result[level] = {}
        elif len(words) == 3 and words[0] in (".text", ".rodata"):
            result[level][words[0]] = int(words[1])
    return result


def measurements(folder):
    measured = {name: image(folder / f"{name}.txt") for name in (*CAIRN, "cairn-Os", "cairn-M0", *LIBRARIES)}
    cairn, published = measured["cairn"], peers()
    sized = sizes(folder / "size.txt")
    measured["cairn-auto"]["size -O2"] = sum(sized.pop("-auto-O2").values())
    for level, parts in sized.items():
        cairn[f"size {level}"] = sum(parts.values())
        cairn[f"size {level} code"] = parts[".text"]
    for heap in ("64K", "16K", "4K"):
        # What the largest block and its header leave of the buffer.
        cairn[f"RAM {heap}"] = int(heap[:-1]) * 1024 - cairn[f"W8 {heap} largest"] - 4
    for name, suffix in (("cairn", ""), ("cairn-4", "-4"), ("cairn-big", "-big")):
        measured[name].update(oracle(folder / f"oracle{suffix}.txt"))
    for prefix in ("bound", "bound-Os", "bound-reach", "bound-4", "bound-big", "bound-M0"):
        cairn.update(bounds(folder / f"{prefix.replace('bound', 'bounds')}.txt", prefix))
    cairn.update(found(folder / "worst.txt"))
    for kind, calls in (("alloc", "alloc"), ("free", "free"), ("refusal", "refusal")):
        seen = [v for k, v in cairn.items() if k.endswith(f"{calls} max") and not k.startswith(("W9 alloc", "W9 refusal"))]
        cairn[f"found {kind}"] = max([cairn[f"found {kind}"], *seen])
    cairn["found aligned"] = max(cairn["found aligned"], cairn["W9 alloc max"])
    for small in (measured["cairn-Os"], measured["cairn-M0"]):
        small.update({f"Os {k[3:]}": v for k, v in list(small.items()) if k.startswith("W1 ")})
        small.update({f"Os W6 {call} max": small[f"W6 {call} max"] for call in ("alloc", "free")})
    for name in LIBRARIES:
        measured[name].update({k: v for k, v in published[name].items() if k in ("size -Os", "size -O2")})
    return measured, published


def main(folder):
    measured, published = measurements(folder)
    print("Instructions executed by a Cortex-M4 (emulated, exact), -O2, basic hardening on.")
    print(f"cairn-4: 4-byte units; -big: 32-bit fields; -auto: both, here with 16-bit ones.\n"
          f"*: published figures, not measured now. Heaps of {HEAP_BYTES // 1024} KiB.")
    table = Table(measured, published)
    for workload in ("W1", "W2", "W3", *ROUNDS, "W9"):
        table.calls(workload)
    table.worst()
    table.fragmentation()
    table.capacity()
    table.size()
    table.optimised_for_size()
    table.proven()
    table.refusals()
    goals.show(measured)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
