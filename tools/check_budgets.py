#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Budgets that keep the tree readable in an evening. Measured over the rooms, not the tests."""
import pathlib
import re
import statistics
import sys

ROOMS = ("lib", "heap", "kernel", "drivers", "boot", "app")
FUNCTION_MAX, FUNCTION_P90, FUNCTION_MEDIAN = 60, 30, 10
FILE_MAX, COLUMNS, LINES_PER_IF, LINKER_MAX = 450, 100, 100, 100


def functions(lines):
    """Yields (first line number, body lines): a body lies between a `{` and a `}` in the first column."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start:
            yield start, number - start - 1
            start = None


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    bad, lengths = [], []
    for room in ROOMS:
        total = conditions = 0
        for path in sorted((root / room).rglob("*.[ch]")):
            lines, name = path.read_text().splitlines(), path.relative_to(root)
            if len(lines) > FILE_MAX:
                bad.append(f"{name}: {len(lines)} lines, at most {FILE_MAX}")
            bad += [f"{name}:{n}: more than {COLUMNS} columns" for n, l in enumerate(lines, 1) if len(l) > COLUMNS]
            if path.suffix == ".c":
                for line, length in functions(lines):
                    lengths.append(length)
                    if length > FUNCTION_MAX:
                        bad.append(f"{name}:{line}: function of {length} lines, at most {FUNCTION_MAX}")
                total += len(lines)
                conditions += sum(bool(re.match(r"\s*#\s*if", line)) for line in lines)
        if room in ("heap", "kernel") and conditions * LINES_PER_IF > total:
            bad.append(f"{room}/: {conditions} #if in {total} lines of .c, at most 1 in {LINES_PER_IF}")
    lengths.sort()
    median, p90 = statistics.median(lengths), lengths[len(lengths) * 9 // 10]
    if median > FUNCTION_MEDIAN or p90 > FUNCTION_P90:
        bad.append(f"functions: median {median} (at most {FUNCTION_MEDIAN}), p90 {p90} (at most {FUNCTION_P90})")
    script = len((root / "linker/sections.ld").read_text().splitlines())
    for board in (root / "linker").glob("*.ld"):
        lines = len(board.read_text().splitlines()) + (script if board.name != "sections.ld" else 0)
        if lines > LINKER_MAX:
            bad.append(f"linker/{board.name}: {lines} lines with sections.ld, at most {LINKER_MAX}")
    print(f"# {len(lengths)} functions, median {median:g} lines, p90 {p90}, longest {lengths[-1]}")
    print("\n".join(bad))
    return bool(bad)


sys.exit(main())
