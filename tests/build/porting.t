#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The port of docs/porting.md, taken from the page, builds and runs in a copy of the tree."""
import pathlib
import re
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import TREE, command, done, equal, ok  # noqa: E402

TEXT = (TREE / "docs/porting.md").read_text()
files = re.findall(r"```\w+ (\S+/\S+)\n(.*?)```", TEXT, re.DOTALL)
commands = [line[2:] for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]

equal(sorted(pathlib.Path(name).name for name, _ in files), ["board.c", "board.mk", "defconfig", "mps3_an524.ld"],
      "the page has the four files of a port")
ok(not [name for name, _ in files if (TREE / name).exists()], "the tree does not have them")
with tempfile.TemporaryDirectory(prefix="cairn-") as folder:
    copy = pathlib.Path(folder) / "tree"
    shutil.copytree(TREE, copy, ignore=shutil.ignore_patterns("build", "node_modules", ".git", "__pycache__"))
    (copy / "node_modules").symlink_to(TREE / "node_modules")
    for name, text in files:
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text(text)
    for line in commands:
        status, out, err = command("sh", "-c", f"cd {copy} && {line}", seconds=220)
        ok(status == 0, line, out + err)
        if "tests/" in line:
            ok(re.search(r"^# 0 of [1-9]\d* tests failed$", out, re.MULTILINE), f"{line}: the suite passes", out)
done()
