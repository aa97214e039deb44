#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The system heap that the linker script carves: none, exact, too large, all that is left, sums."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from tap import App, done, equal, ok, symbol  # noqa: E402

SILENT = "int main(void) { return 0; }\n"
MALLOC = """#include <zephyr/kernel.h>
int main(void) { void *p = k_malloc(BYTES); printk("%s\\n", p == NULL ? "NULL" : "block"); sys_exit(0); }
"""
PART = "config HEAP_MEM_POOL_ADD_SIZE_{}\n\tint\n\tdefault {}\n"


def bytes_carved(app):
    return symbol(app.image() / "firmware.elf", "__system_heap_bytes")


def printed_capacity(output):
    match = re.search(r"largest single block (\d+) bytes", output)
    return int(match[1]) if match else None


def build(app):
    status, out, err = app.build()
    ok(status == 0, f"{app.name} builds", out + err)
    return out + err


# 0: no object, no bytes, and k_malloc names the option.
none = App("pool0", SILENT)
build(none)
equal(bytes_carved(none), 0, "the default carves no bytes")
equal(symbol(none.image() / "firmware.elf", "_system_heap"), None, "the default has no heap object")
status, out, err = App("pool0m", MALLOC.replace("BYTES", "8")).build()
ok(status != 0 and "set CONFIG_HEAP_MEM_POOL_SIZE" in err, "k_malloc without a pool names the option", err)

# The capacity that the build prints is exact: one byte more does not fit.
for pool in (64, 100, 2048, 20000):
    app = App(f"pool{pool}", MALLOC, f"CONFIG_HEAP_MEM_POOL_SIZE={pool}\n")
    app.write("main.c", MALLOC.replace("BYTES", str(pool)))
    capacity = printed_capacity(build(app))
    ok(capacity is not None and pool <= capacity < pool + 8, f"pool {pool}: capacity {capacity} is at most 7 more")
    for request, expected in ((pool, "block\n"), (capacity, "block\n"), (capacity + 1, "NULL\n")):
        app.write("main.c", MALLOC.replace("BYTES", str(request)))
        app.build()
        equal(app.run()[1], expected, f"pool {pool}: k_malloc({request}) gives {expected.strip()}")

# Too large: by how many bytes, to the byte (the heap grows in steps of 8).
SIZE = 8 * 1024 * 1024
BIG = "CONFIG_SYS_HEAP_BIG_ONLY=y\nCONFIG_HEAP_MEM_POOL_SIZE={}\n"
big = App("poolbig", SILENT, BIG.format(SIZE))
status, out, err = big.build()
match = re.search(r"error: RAM is too small by (\d+) bytes: lower CONFIG_HEAP_MEM_POOL_SIZE", err)
ok(status != 0 and match, "too large fails and says by how much", err)
over = int(match[1]) if match else 0
big.write("prj.conf", BIG.format(SIZE - over))
build(big)
left = symbol(big.image() / "firmware.elf", "__ram_left")
ok(0 <= left < 8, f"lowered by that number it fits with {left} bytes left")
big.write("prj.conf", BIG.format(SIZE - over + 8))
ok(big.build()[0] != 0, "lowered by 8 bytes less it does not fit")

# -1: everything that is left. On this board that is more than 16-bit links reach.
rest = App("poolrest", MALLOC, "CONFIG_HEAP_MEM_POOL_SIZE=-1\nCONFIG_SYS_HEAP_SMALL_ONLY=y\n")
rest.write("main.c", MALLOC.replace("BYTES", "100"))
status, out, err = rest.build()
ok(status != 0 and "set CONFIG_SYS_HEAP_AUTO=y" in err, "a heap beyond the links' reach names the option", err)
rest.write("prj.conf", "CONFIG_HEAP_MEM_POOL_SIZE=-1\n")
capacity = printed_capacity(build(rest))
equal(symbol(rest.image() / "firmware.elf", "__ram_left"), 0, "-1 leaves no byte of RAM")
ok(capacity > bytes_carved(rest) - 4096, f"-1: {capacity} of {bytes_carved(rest)} bytes are one block")
for request, expected in ((capacity, "block\n"), (capacity + 1, "NULL\n")):
    rest.write("main.c", MALLOC.replace("BYTES", str(request)))
    rest.build()
    equal(rest.run()[1], expected, f"-1: k_malloc({request}) gives {expected.strip()}")

# Parts are summed and raise a smaller pool, unless IGNORE_MIN.
parts = App("poolsum", SILENT, "CONFIG_HEAP_MEM_POOL_SIZE=1000\n", Kconfig=PART.format("A", 1500) + PART.format("B", 700))
text = build(parts)
ok("raised from 1000 to 2200" in text, "the sum of the parts raises the pool", text)
ok(2200 <= printed_capacity(text) < 2208, "to the sum")
parts.write("prj.conf", "CONFIG_HEAP_MEM_POOL_SIZE=1000\nCONFIG_HEAP_MEM_POOL_IGNORE_MIN=y\n")
text = build(parts)
ok(1000 <= printed_capacity(text) < 1008 and "keeps 1000" in text, "IGNORE_MIN keeps the smaller one", text)
parts.write("prj.conf", "CONFIG_HEAP_MEM_POOL_SIZE=5000\n")
ok(5000 <= printed_capacity(build(parts)) < 5008, "a pool above the sum stays")
done()
