#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Prints which suite ran on which board, in 80 columns: matrix.py SKIPPED STATE BOARD/SUITE...

SKIPPED is tests/skipped.txt, STATE what `prove --state=save` wrote about build/BOARD/SUITE/run.
"""
import pathlib
import re
import sys
import textwrap

COLUMNS = 80
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def read_skipped(path):
    """Returns the reasons in order, and the number of the reason of each (board, suite)."""
    reasons, skipped = [], {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split(" / ")]
        if len(parts) != 3 or not all(parts):
            sys.exit(f"{path}:{number}: not of the form `suites / boards / reason`")
        skipped |= {(board, suite): len(reasons) for suite in parts[0].split() for board in parts[1].split()}
        reasons.append(parts[2])
    return reasons, skipped


def read_results(path):
    """prove's state is YAML of one shape: {"board/suite": exit status}."""
    found = re.findall(r"^  build/(\S+)/run:\n(?:    .*\n)*?    last_result: (\d+)", path.read_text(), re.MULTILINE)
    return {name: int(status) for name, status in found}


def cell(board, suite, planned, results, skipped):
    if f"{board}/{suite}" not in planned:
        return "."
    if (board, suite) in skipped:
        return LETTERS[skipped[board, suite]]
    status = results.get(f"{board}/{suite}")
    return "?" if status is None else "ok" if status == 0 else "NO"


def main(skipped_file, state, *planned):
    reasons, skipped = read_skipped(pathlib.Path(skipped_file))
    results = read_results(pathlib.Path(state))
    boards = list(dict.fromkeys(name.split("/")[0] for name in planned))
    suites = list(dict.fromkeys(name.split("/")[1] for name in planned))
    width = max(map(len, suites))
    print("\nSuite by board. ok: passed; NO: failed; a letter: skipped; .: not for this board\n")
    for depth, board in enumerate(boards):
        print(" " * width + "  |" * depth + "  " + board)
    seen = set()
    for suite in suites:
        cells = [cell(board, suite, planned, results, skipped) for board in boards]
        seen |= {c for c in cells if c in LETTERS}
        print(suite.ljust(width) + "".join(f" {c:>2}" for c in cells))
    print()
    for letter in sorted(seen):
        print(textwrap.fill(f"{letter}: {reasons[LETTERS.index(letter)]}", COLUMNS, subsequent_indent="   "))


main(*sys.argv[1:])
