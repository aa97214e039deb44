#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Images of a board share the objects of sources that cannot tell them apart, and no others."""
import os
import pathlib
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, App, command, done, equal, ok  # noqa: E402

MAIN = "#include <zephyr/kernel.h>\nint main(void) { sys_exit(0); }\n"


def objects(app, board):
    """{source: object} of the tree's sources in the image"""
    paths = (app.image(board) / "objects").read_text().split()
    return {path.split("/obj", 1)[1].split("/", 1)[1].split(".")[0]: path for path in paths if "/obj" in path}


for board in ("mps2_an505", "host"):
    plain = App(f"shared_plain_{board}", MAIN)
    named = App(f"shared_named_{board}", MAIN, "CONFIG_THREAD_NAME=n\n")
    status, out, err = plain.build(board)
    ok(status == 0, f"{board}: an image builds", out + err)
    status, out, err = named.build(board)
    ok(status == 0, f"{board}: one with another option builds", out + err)
    first, second = objects(plain, board), objects(named, board)
    equal(sorted(first), sorted(second), f"{board}: both have the same sources")
    ok(first["heap/sys_heap"] == second["heap/sys_heap"], f"{board}: a source that never sees the option is shared")
    ok(first["kernel/thread"] != second["kernel/thread"], f"{board}: one that does is compiled for each")
    ok(f"CC      {board} heap/" not in out, f"{board}: what is shared is not compiled again", out)
    twin = App(f"shared_twin_{board}", MAIN)
    out = twin.build(board)[1]
    equal(out.count("CC  "), 1, f"{board}: of a third image only the application is compiled")

equal(command("tools/config_words.py", "--check", "build"), (0, "", ""),
      "the options found by reading includes are those that the compiler could see")
hidden = pathlib.Path(plain.path) / "hidden.d"
hidden.write_text("x.o: heap/sys_heap.c kernel/thread.h\n")
status, out, err = command("tools/config_words.py", "--check", plain.path)
ok(status != 0 and "heap/sys_heap.c can see CONFIG_" in out, "a way past them would be found", out + err)
done()
