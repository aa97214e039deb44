#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The line server where there is no memory but the image's, and no DMA: lm3s6965evb."""
import os
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, command, done, equal, make, ok  # noqa: E402

text = (TREE / "LICENSE").read_bytes()
status, out, err = make("BOARD=lm3s6965evb")
ok(status == 0, "app/demo builds", out + err)
status, out, err = command(TREE / "build/lm3s6965evb/demo/run", stdin=text, seconds=60)
expected = [f"{number} {len(line)} {zlib.crc32(line):08x}" for number, line in enumerate(text.splitlines(), 1)]
equal([" ".join(line.split(" ")[:3]) for line in out.splitlines() if not line.startswith("#")], expected,
      "each line with its number, length and CRC-32")
ok(status == 0 and "# region demo" in out, "a summary with the region of its own", f"status {status}\n{out}\n{err}")
done()
