#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The harness itself: a broken assertion must really print "not ok" and end with a non-zero status."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = (HERE / "main.c").read_text()
FAILING = re.findall(r"^FAILS\((\w+)", SOURCE, re.M)


def check(board):
    status, out, err = tap.make(f"BOARD={board}", "APP=tests/ztest_self")
    if not tap.ok(status == 0, f"{board}: builds", out + err):
        return
    status, out, err = tap.command(f"build/{board}/ztest_self/run", seconds=60)
    lines = out.replace("\r", "").splitlines()
    tap.equal(status, 1, f"{board}: failures make the exit status 1")

    points = [m for m in (re.match(r"(ok|not ok) (\d+) - (\S+)( # SKIP .*)?$", line) for line in lines) if m]
    tap.equal(lines[0] if lines else "", f"1..{len(points)}", f"{board}: the plan comes first and is right")
    tap.equal([int(m[2]) for m in points], list(range(1, len(points) + 1)), f"{board}: points count from 1")
    declared = [f"{s}.{t}" for s, t in re.findall(r"^ZTEST(?:_F|_USER)?\((\w+), (\w+)\)", SOURCE, re.M)]
    declared += [f"bad.{name}" for name in FAILING]
    tap.equal(sorted(m[3] for m in points), sorted(declared), f"{board}: every test has its point")

    verdict = {m[3]: m[1] + (m[4] or "") for m in points}
    for name, got in verdict.items():
        suite = name.split(".")[0]
        expected = "not ok" if suite.startswith("bad") else "ok"
        if suite.startswith("skip"):
            tap.ok(got.startswith("ok # SKIP"), f"{board}: {name} is skipped", got)
        else:
            tap.equal(got, expected, f"{board}: {name} is {expected}")
    tap.ok("# 0 of" not in out and f"# {len(FAILING) + 8} of" in out, f"{board}: the summary counts the failures", out)

    stays = [line for line in lines if "went on" in line]
    tap.equal(stays, ["# went on after expectation"], f"{board}: only an expectation goes on")
    tap.ok("message 5 of text" in out, f"{board}: a failed assertion prints its message", out)
    tap.ok(re.search(r"# bad\.equal: number is not equal to 6 at .*main\.c:\d+", out), f"{board}: and its place", out)
    tap.ok("# good: 1 set-up, 4 before, 4 after" in out, f"{board}: set-up once, before and after each time", out)
    order = [m[3] for m in points if m[3].startswith("good.")]
    tap.equal(order, ["good.z_first_by_line_not_by_name", "good.a_second", "good.every_true_assertion_holds",
                      "good.passes_early"], f"{board}: source order")
    again = tap.command(f"build/{board}/ztest_self/run", seconds=60)[1]
    mask = re.compile(r"\(?0x[0-9a-f]+\)?")
    tap.ok(mask.sub("", again) == mask.sub("", out), f"{board}: a second run says the same")


for board in ("host", "mps2_an505"):
    check(board)
tap.done()
