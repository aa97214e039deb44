# SPDX-License-Identifier: Apache-2.0
"""Figures of one allocator as {"W1 alloc mean": 30.2, ...}: from what an image wrote, and from peers.csv."""
import csv
import pathlib

CHURNS = ("W1", "W2", "W3", "W9")
ROUNDS = ("W4", "W5", "W5b")
TRIPLE = ("mean", "p99", "max")
CALLS = ("alloc", "free", "refusal")
SIZES = (1, 16, 24, 32, 100)
HEAP_BYTES = 65536

_triples = [f"{call} {what}" for call in CALLS for what in TRIPLE]
_capacity = [f"{heap} {what}" for heap in ("4K", "64K") for what in (*SIZES, "largest")]
FIELDS = {
    **{w: [*_triples, "refused %", "fill %"] for w in (*CHURNS, *ROUNDS)},
    "W6": [f"{call} max" for call in CALLS],
    "W7": [f"{heap} {what}" for heap in ("16K", "64K") for what in ("mean", "least", "most")],
    "W8": _capacity,
    "size": ["-Os", "-O2", "stack alloc", "stack free"],
    "Os": [*_triples[:6], "W6 alloc max", "W6 free max"],
}


def peers(path=pathlib.Path(__file__).with_name("peers.csv")):
    """{allocator: figures} of the published measurements."""
    result = {}
    for row in csv.reader(line for line in path.read_text().splitlines() if not line.startswith("#")):
        workload, allocator, *values = row
        for field, value in zip(FIELDS[workload], values, strict=True):
            if value:
                result.setdefault(allocator, {})[f"{workload} {field}"] = float(value)
    return result


def lines_before_done(path):
    lines = pathlib.Path(path).read_text().splitlines()
    if not lines or lines[-1] != "done":
        raise SystemExit(f"{path}: did not end well: {lines[-1:]}")
    return [line.split() for line in lines[:-1]]


def _image_call(figures, workload, call, values):
    count, total, p50, p99, largest = values
    if count:
        figures.update({f"{workload} {call} mean": total / count, f"{workload} {call} p50": p50,
                        f"{workload} {call} p99": p99, f"{workload} {call} max": largest})
    figures[f"{workload} {call} count"] = count


def image(path):
    """Figures of what a measuring image wrote. An image that did not end well is an error."""
    figures = {}
    for workload, *words in lines_before_done(path):
        if words[0] in ("alloc", "free", "fail"):
            _image_call(figures, workload, words[0].replace("fail", "refusal"), [int(w) for w in words[1:]])
        elif words[0] == "fill":
            figures[f"{workload} fill %"] = 100 * int(words[2]) / int(words[1]) / HEAP_BYTES
            refused = figures[f"{workload} refusal count"]
            figures[f"{workload} refused %"] = 100 * refused / (refused + figures[f"{workload} alloc count"])
        elif workload == "W7":
            heap, (capacity, total, least, most) = int(words[0]), [int(w) for w in words[1:]]
            figures.update({f"W7 {heap // 1024}K mean": 100 * total / capacity,
                            f"W7 {heap // 1024}K least": 100 * least / heap,
                            f"W7 {heap // 1024}K most": 100 * most / heap})
        elif workload == "W8":
            heap, *values = (int(w) for w in words)
            fields = (*SIZES, "largest") if len(values) > 1 else ("largest",)
            figures.update({f"W8 {heap // 1024}K {f}": v for f, v in zip(fields, values, strict=True)})
        elif workload == "WS":
            figures.update({"size stack alloc": int(words[0]), "size stack free": int(words[1])})
    return figures


def oracle(path):
    """{"oracle alloc calls": ..}; wrong: refused against the header's rule, missed: although there was room."""
    return {f"oracle {name} {what}": int(value) for name, *values in lines_before_done(path)
            for what, value in zip(("calls", "refused", "wrong", "missed"), values, strict=True)}


def found(path):
    """{"found alloc": the largest cost of bench/worst/ when replayed, ...}"""
    result = {}
    for _, kind, cost in lines_before_done(path):
        result[f"found {kind}"] = max(int(cost), result.get(f"found {kind}", 0))
    return result


BOUNDED = {"sys_heap_alloc": "alloc", "sys_heap_alloc/failing": "refusal", "sys_heap_free": "free",
           "sys_heap_aligned_alloc": "aligned", "sys_heap_aligned_alloc/failing": "aligned-refusal",
           "sys_heap_realloc/moving": "realloc", "sys_heap_realloc/failing": "realloc-refusal"}


def bounds(path, prefix="bound"):
    """{"bound alloc": ...} of what tools/bounds.py wrote; a call whose bound it refused to compute is left out."""
    words = [line.split() for line in pathlib.Path(path).read_text().splitlines()]
    return {f"{prefix} {BOUNDED[name]}": int(value.rstrip(",")) for name, value, *_ in words if value != "none:"}
