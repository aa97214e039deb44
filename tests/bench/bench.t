#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`make bench`: the same bytes twice, the C libraries' published figures reproduced, no figure of Cairn's lost."""
import difflib
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../bench"))
from tap import TREE, command, done, equal, make, ok  # noqa: E402
import figures  # noqa: E402
import goals  # noqa: E402
import table  # noqa: E402

# The oracle asks fewer times than `make bench` does by itself.
SHORT = {"BENCH_ORACLE_OPERATIONS": "600000"}
FOLDER = TREE / "build/bench"


def bench():
    status, out, err = make("bench", seconds=300, env=SHORT)
    return status, [line for line in out.splitlines() if not re.match(r"  [A-Z]+ ", line)], err


make("bench-images", seconds=300)
status, first, err = bench()
ok(status == 0 and "Goals" in first, "make bench runs", "\n".join(first[-20:]) + err)
status, second, err = bench()
ok(status == 0 and first == second, "a second run prints the same bytes", "\n".join(difflib.unified_diff(first, second)) + err)
equal([line for line in first if len(line) > 80], [], "80 columns")

# Published and measured anew: equal to the digit printed. Shares were cut there, not rounded; a refusal of picolibc is
# two instructions shorter here, where errno lies at a fixed place.
published = figures.peers()
for library in table.LIBRARIES:
    measured = figures.image(FOLDER / f"{library}.txt")
    names = [name for name in published[library] if name in measured]
    wrong = []
    for name in names:
        near = 0.1 if "%" in name else 0.01 if name.startswith("W7") else 0.051 if "mean" in name else 0
        shorter = 2 if library == "picolibc" and "refusal" in name else 0
        if abs(measured[name] + shorter - published[library][name]) > near:
            wrong.append(f"{name}: published {published[library][name]}, measured {measured[name]:.3f}")
    equal(wrong, [], f"{library}: {len(names)} published figures are measured again")
    ok(len(names) > 60, f"{library}: that is all workloads", names)

measured, _ = table.measurements(FOLDER)
for subject, figure, relation, _, limit in goals.goals():
    value = measured[subject].get(figure)
    ok(limit is None or goals.holds(measured, subject, figure, relation, limit),
       f"{subject}: {figure} {relation} {limit}", f"measured {value}")

cairn = measured["cairn"]
for kind in figures.BOUNDED.values():
    bound, seen = cairn.get(f"bound {kind}"), cairn[f"found {kind}"]
    ok(bound is not None and seen <= bound, f"{kind}: what was found, {seen}, is within the bound, {bound}")
for subject in ("cairn", "cairn-4", "cairn-big"):
    for call in ("alloc", "realloc", "aligned"):
        wrong, refused = (measured[subject][f"oracle {call} {what}"] for what in ("wrong", "refused"))
        ok(wrong == 0 and refused > 1000, f"{subject}: {call}: {refused} refusals, all of them right", wrong)

# An image that goes wrong is an error, not a figure.
status, out, _ = command("bench/run.sh", "/nonexistent.elf")
ok(status != 0, "an image that cannot run is an error")
done()
