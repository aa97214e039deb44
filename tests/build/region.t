#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A memory more on a board: one line of its linker script and one of its facts, and it is a heap at boot."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import TREE, command, done, ok  # noqa: E402

PROGRAM = """#include <string.h>\n#include <zephyr/kernel.h>
#include "../../kernel/region_heap.h"
static char own[24] IN_REGION(extra);
int main(void)
{
    struct region_need need = {.must = REGION_RETAINED};
    char *block = region_heap_request(&need, 0, 100, K_NO_WAIT);
    const struct region *region = region_heap_find(own, sizeof(own));
    memset(block, 0x5a, 100);
    printk("%s: own at %p, block at %p\\n", region->name, (void *)own, (void *)block);
    sys_exit(region_heap_validate() ? 0 : 1);
}
"""
BOARD = "mps2_an385"


def add(path, before, line):
    text = path.read_text()
    assert text.count(before) == 1, (path, before)
    path.write_text(text.replace(before, line + before))


with tempfile.TemporaryDirectory(prefix="cairn-") as folder:
    tree = pathlib.Path(folder) / "tree"
    files = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=TREE, capture_output=True, text=True,
                           check=True).stdout.split("\n")
    for file in filter(None, files):
        if (TREE / file).is_file():
            (tree / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TREE / file, tree / file)
    (tree / "node_modules").symlink_to(TREE / "node_modules")
    # The upper half of what QEMU has as PSRAM, so that the lower one must become shorter first.
    script = tree / "linker" / f"{BOARD}.ld"
    script.write_text(script.read_text().replace("PSRAM_START, 16M", "PSRAM_START, 8M"))
    add(script, "REGION(psram", "REGION(extra, 0x21800000, 8M)\n")
    add(tree / "boot/board" / BOARD / "board.c", "REGION(psram", "REGION(extra, REGION_RETAINED) ")
    app = tree / "app/extra"
    app.mkdir()
    (app / "main.c").write_text(PROGRAM)
    (app / "prj.conf").write_text("CONFIG_BOOT_BANNER=y\nCONFIG_SYS_HEAP_BIG_ONLY=y\n")
    status, out, err = command("make", "-C", tree, f"BOARD={BOARD}", "APP=app/extra")
    if ok(status == 0, "one line each, and it builds", out + err):
        status, out, err = command(tree / "build" / BOARD / "extra/run", seconds=60)
        printed = re.search(r"# memory extra: (\d+) bytes for blocks", out)
        ok(printed and 8 * 1024 * 1024 - 400 < int(printed[1]) < 8 * 1024 * 1024,
           f"boot makes a heap of it and prints its capacity: {printed and printed[1]}", out + err)
        places = re.search(r"extra: own at 0x(\w+), block at 0x(\w+)", out)
        own, block = (int(place, 16) for place in places.groups()) if places else (0, 0)
        ok(status == 0 and own == 0x21800000 and 0x21800000 + 24 <= block < 0x22000000,
           "variables of the program come first, blocks behind them", out + err)
done()
