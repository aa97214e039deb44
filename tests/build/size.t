#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The smallest useful image, app/minimal: that it works, and that it is small."""
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, command, done, equal, make, note, ok  # noqa: E402

for board in ("microbit", "stm32vldiscovery", "lm3s6965evb"):
    status, out, err = make(f"BOARD={board}", "APP=app/minimal", "size")
    sizes = re.findall(r"^(?:ROM|RAM).*goal.*", out, re.MULTILINE)
    ok(status == 0, f"{board}: within its limits", out + err)
    equal(len(sizes), 0 if board == "lm3s6965evb" else 2, f"{board}: what there is beside each goal")
    for line in sizes:
        note(f"{board}: {line}")
    _, out, err = command(TREE / "build" / board / "minimal/run", stdin=b"hello\nsecond line\n" + 70 * b"x", seconds=30)
    equal(out.replace("\r", ""), "05 hello\n11 second line\n60 " + 60 * "x" + "\n",
          f"{board}: lines come back with their lengths")

with tempfile.NamedTemporaryFile("w", suffix=".csv") as goals:
    goals.write("board,memory,goal,limit\nmicrobit,ROM,8192,1000\n")
    goals.flush()
    status, out, _ = command("/usr/bin/python3", "tools/size.py", "build/microbit/minimal/firmware.map", "microbit",
                             goals.name)
    equal(status, 1, "an image beyond a limit is an error")
done()
